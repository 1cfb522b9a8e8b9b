/** A copy of a request or an answer, with an unknown field in each of its objects. */
export function withSurprises(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSurprises);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withSurprises(inner)]);
  return { ...Object.fromEntries(entries), surprise: { of: 'a newer version', since: 1 } };
}
