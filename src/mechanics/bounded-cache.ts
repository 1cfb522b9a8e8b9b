/** Minimum number of entries for a sweep. */
const WORTH_A_SWEEP = 1_000;

/** A cache of the `capacity` most recently used entries, swept of useless ones from time to time. */
export class BoundedCache<Key, Value> {
  // A Map keeps the order of insertion: entries are reinserted when they are read, so the first is the least recently used.
  readonly #entries = new Map<Key, Value>();
  /** Size at which useless entries are swept. Sweeping whenever the size has doubled costs each entry at most two looks, and no timer. */
  #sweepAt = WORTH_A_SWEEP;

  /** @param isOver whether an entry is useless, being equivalent to its absence */
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
