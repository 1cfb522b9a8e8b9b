const PAGE_SIZE = 1_000;

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
type Ask<Item> = (query: { limit: number; cursor?: string }) => Promise<Page<Item>>;

/**
 * The items page by page, in the order in which the api has them. The next page is on its way while one is looked at.
 * @param atMost stops asking when it has this many
 */
export async function* pages<Item>(ask: Ask<Item>, atMost = Number.POSITIVE_INFINITY): AsyncGenerator<Item[], void> {
  let [left, cursor] = [atMost, null as string | null];
  const next = () => ask({ limit: Math.min(PAGE_SIZE, left), ...(cursor === null ? {} : { cursor }) });
  let coming: Promise<Page<Item>> | undefined = next();
  while (coming !== undefined) {
    const { items, nextCursor }: Page<Item> = await coming;
    left -= items.length;
    cursor = nextCursor;
    coming = cursor !== null && left > 0 ? next() : undefined;
    // Whoever does not ask for it does not hear of its failure either.
    coming?.catch(() => undefined);
    yield items;
  }
}

/** The items of all {@link pages}. */
export async function allPages<Item>(ask: Ask<Item>, atMost?: number): Promise<Item[]> {
  const all: Item[] = [];
  for await (const items of pages(ask, atMost)) all.push(...items);
  return all;
}
