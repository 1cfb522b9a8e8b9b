const collator = new Intl.Collator('en', { numeric: true });

/** Node ids as people count: node-2 before node-10. The api's own order is by their characters, which an index has. */
export function compareIds(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}
