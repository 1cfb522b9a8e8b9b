/** Processes items concurrently in batches; each batch begins when the previous one has ended. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  size: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let begin = 0; begin < items.length; begin += size)
    results.push(...(await Promise.all(items.slice(begin, begin + size).map(act))));
  return results;
}
