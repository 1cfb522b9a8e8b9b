/** Number of bits that JavaScript's bitwise operators support. */
const MOST_ITEMS = 31;

/** Subsets of a short list, each stored once, since nearly all nodes of a fleet have the same. */
export class SharedSubsets<Item> {
  private readonly known = new Map<number, readonly Item[]>();

  constructor(private readonly items: readonly Item[]) {
    if (items.length > MOST_ITEMS) throw new RangeError(`${items.length} items are more than ${MOST_ITEMS}`);
  }

  /** @returns the selected items in order; the same array for the same selection */
  of(isIn: (item: Item) => boolean): readonly Item[] {
    let bits = 0;
    for (let index = 0; index < this.items.length; index += 1) if (isIn(this.items[index] as Item)) bits |= 1 << index;
    let subset = this.known.get(bits);
    if (subset === undefined) {
      subset = this.items.filter((_, index) => (bits & (1 << index)) !== 0);
      this.known.set(bits, subset);
    }
    return subset;
  }
}
