/** A term of a scope: `pool`, or `pool=a`. As strict as labels themselves, so that a scope that no node can match is refused. */
export const LABEL_TERM =
  /^[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?(?:=(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?)?$/;

/** The label that `pool=a` or `pool` requires. */
export function labelFilter(text: string): { key: string; value?: string } {
  const at = text.indexOf('=');
  return at < 0 ? { key: text } : { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** Whether a node with these labels has the required one, with its value if one is given. */
export function hasLabel(
  labels: Readonly<Record<string, string>>,
  { key, value }: ReturnType<typeof labelFilter>,
): boolean {
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}
