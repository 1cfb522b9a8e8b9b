const PAGE_SIZE = 1_000;

export interface ListedPage<Item> {
  items: Item[];
  nextCursor: string | null;
}
export type AskPage<Item> = (query: { limit: number; cursor?: string }) => Promise<ListedPage<Item>>;

/**
 * The items page by page, in the api's order. The next page is requested while one is being processed.
 * @param atMost stops after this many items
 */
export async function* pages<Item>(
  ask: AskPage<Item>,
  atMost = Number.POSITIVE_INFINITY,
): AsyncGenerator<Item[], void> {
  let [left, cursor] = [atMost, null as string | null];
  const next = () => ask({ limit: Math.min(PAGE_SIZE, left), ...(cursor === null ? {} : { cursor }) });
  let coming: Promise<ListedPage<Item>> | undefined = next();
  while (coming !== undefined) {
    const { items: found, nextCursor }: ListedPage<Item> = await coming;
    left -= found.length;
    cursor = nextCursor;
    coming = cursor !== null && left > 0 ? next() : undefined;
    // If the caller stops before the next page, its failure does not matter.
    coming?.catch(() => undefined);
    yield found;
  }
}

/** The items of all {@link pages}. */
export async function allPages<Item>(ask: AskPage<Item>, atMost?: number): Promise<Item[]> {
  const all: Item[] = [];
  for await (const found of pages(ask, atMost)) all.push(...found);
  return all;
}

/** The items of all {@link pages}, one by one. */
export async function* items<Item>(ask: AskPage<Item>, atMost?: number): AsyncGenerator<Item, void> {
  for await (const found of pages(ask, atMost)) yield* found;
}
