/** What `pool=a` or `pool` asks of a node's labels. */
export function labelFilter(text: string): { key: string; value?: string } {
  const at = text.indexOf('=');
  return at < 0 ? { key: text } : { key: text.slice(0, at), value: text.slice(at + 1) };
}
