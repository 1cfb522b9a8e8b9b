import type { EpochMs } from '../../contract/states.js';
import type { HistoryPoint } from './history-store.js';

/** Points of a node that wait where all is well, however large the fleet. */
const FEW = 4;

interface Waiting {
  since: EpochMs;
  /** Of each point its fields, NaN for what it lacks, one point after the other: a quarter of what objects take, of which a large fleet has tens of thousands. */
  numbers: number[];
}

/** Points that are to be written, node by node. They are lost with the process, as a hole in a plot. */
export class WaitingPoints<Point extends HistoryPoint> {
  /** In the order of `since`: whose first point came first is first. */
  private readonly byNode = new Map<string, Waiting>();
  private count = 0;

  /**
   * @param fields of a point, all but its uid
   * @param atMost how many points wait at most; what comes beyond that is dropped.
   */
  constructor(
    private readonly fields: readonly Exclude<keyof Point & string, 'uid'>[],
    private readonly atMost: number,
  ) {}

  get size(): number {
    return this.count;
  }

  add(point: Point, now: EpochMs): void {
    if (this.count >= this.atMost) return;
    this.count += 1;
    const numbers = this.fields.map((field) => (point[field] as number | undefined) ?? Number.NaN);
    const waiting = this.byNode.get(point.uid);
    if (waiting === undefined) this.byNode.set(point.uid, { since: now, numbers });
    // A copy leaves no room to spare, which of a large fleet's few points would be most of it; of many points it would cost more each time.
    else if (waiting.numbers.length < FEW * this.fields.length) waiting.numbers = waiting.numbers.concat(numbers);
    else waiting.numbers.push(...numbers);
  }

  /**
   * All points of the nodes whose first one waits since then or longer: those of a node one after the other.
   * @param enough no further node is taken once there are so many points
   */
  take(since: EpochMs, enough: number): Point[] {
    const taken: Point[] = [];
    for (const [uid, waiting] of this.byNode) {
      if (waiting.since > since || taken.length >= enough) break;
      for (let begin = 0; begin < waiting.numbers.length; begin += this.fields.length)
        taken.push(this.point(uid, waiting.numbers, begin));
      this.byNode.delete(uid);
    }
    this.count -= taken.length;
    return taken;
  }

  private point(uid: string, numbers: readonly number[], begin: number): Point {
    const figures = this.fields.map((field, index) => [field, numbers[begin + index] as number] as const);
    return { uid, ...Object.fromEntries(figures.filter(([, figure]) => !Number.isNaN(figure))) } as Point;
  }
}
