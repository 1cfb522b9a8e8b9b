/** Fewer entries than these are not worth a look at them all. */
const WORTH_A_SWEEP = 1_000;

/** Remembers the `capacity` entries that were used last, and hardly more of them than are of use still. */
export class BoundedCache<Key, Value> {
  // A Map keeps the order of insertion: what is read is inserted anew, so the first entry is the one unused for longest.
  readonly #entries = new Map<Key, Value>();
  /** Entries are looked through whenever they have doubled: so it costs each of them two looks at most, and no timer. */
  #sweepAt = WORTH_A_SWEEP;

  /** @param isOver whether an entry says no more than its absence would */
  constructor(
    private readonly capacity: number,
    private readonly isOver?: (value: Value) => boolean,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.isOver !== undefined && this.#entries.size >= this.#sweepAt) this.#sweep(this.isOver);
    if (this.#entries.size > this.capacity) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  #sweep(isOver: (value: Value) => boolean): void {
    for (const [key, value] of this.#entries) if (isOver(value)) this.#entries.delete(key);
    this.#sweepAt = Math.max(WORTH_A_SWEEP, 2 * this.#entries.size);
  }
}
