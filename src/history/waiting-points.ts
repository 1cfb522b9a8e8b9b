import type { EpochMs } from '../../contract/states.js';
import type { HistoryPoint } from './history-store.js';
import { SharedSubsets } from './shared-subsets.js';

/** Points of a node that wait where all is well, however large the fleet. */
const FEW = 4;

type FieldOf<Point> = Exclude<keyof Point & string, 'uid'>;

interface Waiting<Field> {
  since: EpochMs;
  /** That its points have; the same list for all nodes whose points have the same. */
  fields: readonly Field[];
  /** Of each point these fields, NaN for what it lacks, one point after the other: a quarter of what objects take, of which a large fleet has tens of thousands. */
  numbers: number[];
}

/** Points that are to be written, node by node. They are lost with the process, as a hole in a plot. */
export class WaitingPoints<Point extends HistoryPoint> {
  /** In the order of `since`: whose first point came first is first. */
  private readonly byNode = new Map<string, Waiting<FieldOf<Point>>>();
  private readonly subsets: SharedSubsets<FieldOf<Point>>;
  private count = 0;

  /**
   * @param fields of a point, all but its uid
   * @param atMost how many points wait at most; what comes beyond that is dropped.
   */
  constructor(
    private readonly fields: readonly FieldOf<Point>[],
    private readonly atMost: number,
  ) {
    this.subsets = new SharedSubsets(fields);
  }

  get size(): number {
    return this.count;
  }

  add(point: Point, now: EpochMs): void {
    if (this.count >= this.atMost) return;
    this.count += 1;
    const present = this.subsets.of((field) => point[field] !== undefined);
    const waiting = this.byNode.get(point.uid);
    if (waiting === undefined) {
      this.byNode.set(point.uid, { since: now, fields: present, numbers: numbersOf(point, present) });
      return;
    }
    if (waiting.fields !== present) this.widen(point.uid, waiting);
    const numbers = numbersOf(point, waiting.fields);
    // A copy leaves no room to spare, which of a large fleet's few points would be most of it; of many points it would cost more each time.
    if (waiting.numbers.length < FEW * numbers.length) waiting.numbers = waiting.numbers.concat(numbers);
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
      taken.push(...pointsOf<Point>(uid, waiting));
      this.byNode.delete(uid);
    }
    this.count -= taken.length;
    return taken;
  }

  /** For a node whose points do not all have the same fields: all that there are. */
  private widen(uid: string, waiting: Waiting<FieldOf<Point>>): void {
    if (waiting.fields === this.fields) return;
    waiting.numbers = pointsOf<Point>(uid, waiting).flatMap((point) => numbersOf(point, this.fields));
    waiting.fields = this.fields;
  }
}

function numbersOf<Field extends string>(
  point: Readonly<Partial<Record<Field, unknown>>>,
  fields: readonly Field[],
): number[] {
  return fields.map((field) => (point[field] as number | undefined) ?? Number.NaN);
}

function pointsOf<Point extends HistoryPoint>(uid: string, { fields, numbers }: Waiting<FieldOf<Point>>): Point[] {
  return Array.from({ length: numbers.length / fields.length }, (_, place) => {
    const figures = fields.map((field, index) => [field, numbers[place * fields.length + index] as number] as const);
    return { uid, ...Object.fromEntries(figures.filter(([, figure]) => !Number.isNaN(figure))) } as Point;
  });
}
