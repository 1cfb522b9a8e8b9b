import { measure, MEASURE_KEYS, roundFigure, type Figures, type MeasureKey } from '../../contract/measures.js';
import { SharedSubsets } from './shared-subsets.js';

const FOLDS = MEASURE_KEYS.map((key) => measure(key).folds);
/** Measures that are extremes of others: a single reading is its own minimum and maximum. */
const EXTREME_OF = MEASURE_KEYS.map((key) => measure(key).extremeOf as MeasureKey | undefined);

/** For a minimum, the index of the maximum, and vice versa. */
const OTHER_EXTREME = MEASURE_KEYS.map((key, index) => {
  const of = EXTREME_OF[index];
  const other = MEASURE_KEYS.findIndex((one) => one !== key && measure(one).extremeOf === of);
  return of === undefined ? undefined : other;
});

const SUBSETS = new SharedSubsets([...MEASURE_KEYS.keys()]);

/**
 * Folds several readings of a node into one, each measure as its row says. Measures that a reading lacks are unchanged. Only existing measures take
 * memory, since a large fleet has one of these per node.
 */
export class FoldedFigures {
  /** Indexes into {@link MEASURE_KEYS}; shared by all nodes with the same measures. */
  private measured: readonly number[] = [];
  private totals: number[] = [];
  private readings = 0;
  /** Number of readings with each measure; undefined while all had the same. */
  private counts: number[] | undefined;

  add(figures: Figures): void {
    const measured = SUBSETS.of((index) => figureOf(figures, index) !== undefined);
    if (this.readings === 0) {
      this.measured = measured;
      this.totals = measured.map(() => 0);
    } else if (this.measured !== measured) this.widen(measured);
    for (const [place, index] of this.measured.entries()) {
      const figure = figureOf(figures, index);
      if (figure === undefined) continue;
      const earlier = this.countAt(place) === 0 ? undefined : this.totals[place];
      this.totals[place] = fold(FOLDS[index], earlier, figure);
      if (this.counts !== undefined) this.counts[place] = (this.counts[place] ?? 0) + 1;
    }
    this.readings += 1;
  }

  together(): Figures {
    const figures = this.measured.flatMap((index, place) => {
      const [key, total] = [MEASURE_KEYS[index], this.totals[place]];
      if (key === undefined || total === undefined || !this.hides(index, total)) return [];
      return [[key, roundFigure(key, FOLDS[index] === 'mean' ? total / this.countAt(place) : total)] as const];
    });
    return Object.fromEntries(figures) as unknown as Figures;
  }

  /** Makes room for a reading with further measures. */
  private widen(others: readonly number[]): void {
    const before = this.measured;
    if (this.counts !== undefined && others.every((index) => before.includes(index))) return;
    const after = [...new Set([...before, ...others])];
    const placed = (index: number) => before.indexOf(index);
    this.counts = after.map((index) => (placed(index) < 0 ? 0 : this.countAt(placed(index))));
    this.totals = after.map((index) => this.totals[placed(index)] ?? 0);
    this.measured = after;
  }

  private countAt(place: number): number {
    return this.counts === undefined ? this.readings : (this.counts[place] ?? 0);
  }

  /** Whether an extreme differs from its counterpart; otherwise it need not be kept. */
  private hides(index: number, total: number): boolean {
    const other = OTHER_EXTREME[index];
    return other === undefined || this.totals[this.measured.indexOf(other)] !== total;
  }
}

function figureOf(figures: Figures, index: number): number | undefined {
  const extremeOf = EXTREME_OF[index];
  return figures[MEASURE_KEYS[index] as keyof Figures] ?? (extremeOf === undefined ? undefined : figures[extremeOf]);
}

function fold(kind: (typeof FOLDS)[number] | undefined, earlier: number | undefined, figure: number): number {
  if (earlier === undefined || kind === 'last') return figure;
  if (kind === 'max') return Math.max(earlier, figure);
  return kind === 'min' ? Math.min(earlier, figure) : earlier + figure;
}
