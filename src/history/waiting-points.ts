import type { EpochMs } from '../../contract/states.js';
import type { HistoryPoint } from './history-store.js';
import { SharedSubsets } from './shared-subsets.js';

/** Number of points of a node that normally wait, however large the fleet. */
const FEW = 4;

type FieldOf<Point> = Exclude<keyof Point & string, 'uid'>;

interface Waiting<Field> {
  since: EpochMs;
  /** Fields of its points; nodes with the same fields share the list. */
  fields: readonly Field[];
  /** These fields of each point, one point after the other, with NaN for missing ones. Takes a quarter of the memory of objects. */
  numbers: number[];
}

/** Points to be written, by node. They are lost with the process, which leaves a gap in a plot. */
export class WaitingPoints<Point extends HistoryPoint> {
  /** In the order of `since`, the time of a node's first point. */
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
    // Copying leaves no spare capacity, which would dominate few points; with many points, copying each time would cost more.
    if (waiting.numbers.length < FEW * numbers.length) waiting.numbers = waiting.numbers.concat(numbers);
    else waiting.numbers.push(...numbers);
  }

  /**
   * Takes all points of the nodes whose first one has waited since `since` or longer, node by node.
   * @param enough number of points after which no further node is taken
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

  /** Switches a node whose points have different fields to all fields. */
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
