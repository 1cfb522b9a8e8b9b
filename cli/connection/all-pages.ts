const PAGE_SIZE = 1_000;

/**
 * The items of all pages, in the order in which the api has them.
 * @param atMost stops asking when it has this many
 */
export async function allPages<Item>(
  ask: (query: { limit: number; cursor?: string }) => Promise<{ items: Item[]; nextCursor: string | null }>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const query = { limit: Math.min(PAGE_SIZE, atMost - items.length), ...(cursor === null ? {} : { cursor }) };
    const page: { items: Item[]; nextCursor: string | null } = await ask(query);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < atMost);
  return items;
}
