import { measure, MEASURE_KEYS, roundFigure, type Figures, type MeasureKey } from '../../contract/measures.js';

const FOLDS = MEASURE_KEYS.map((key) => measure(key).folds);
/** A reading by itself is the least and the most of itself. */
const EXTREME_OF = MEASURE_KEYS.map((key) => measure(key).extremeOf as MeasureKey | undefined);

/** Of a least the index of the most, and the other way round. */
const OTHER_EXTREME = MEASURE_KEYS.map((key, index) => {
  const of = EXTREME_OF[index];
  const other = MEASURE_KEYS.findIndex((one) => one !== key && measure(one).extremeOf === of);
  return of === undefined ? undefined : other;
});

/** Several readings of a node made one, each measure as its row says. What a reading lacks leaves what the others say as it is. */
export class FoldedFigures {
  private readonly totals = MEASURE_KEYS.map(() => 0);
  private readonly counts = MEASURE_KEYS.map(() => 0);

  add(figures: Figures): void {
    for (let index = 0; index < FOLDS.length; index += 1) {
      const extremeOf = EXTREME_OF[index];
      const figure =
        figures[MEASURE_KEYS[index] as keyof Figures] ?? (extremeOf === undefined ? undefined : figures[extremeOf]);
      if (figure === undefined) continue;
      const earlier = this.counts[index] === 0 ? undefined : this.totals[index];
      this.totals[index] = fold(FOLDS[index], earlier, figure);
      this.counts[index] = (this.counts[index] ?? 0) + 1;
    }
  }

  together(): Figures {
    const figures = MEASURE_KEYS.flatMap((key, index) => {
      const [total = 0, count = 0] = [this.totals[index], this.counts[index]];
      if (count === 0 || !this.hides(index)) return [];
      return [[key, roundFigure(key, FOLDS[index] === 'mean' ? total / count : total)] as const];
    });
    return Object.fromEntries(figures) as unknown as Figures;
  }

  /** A least that is also the most hides nothing, and is not kept. */
  private hides(index: number): boolean {
    const other = OTHER_EXTREME[index];
    return other === undefined || this.totals[index] !== this.totals[other];
  }
}

function fold(kind: (typeof FOLDS)[number] | undefined, earlier: number | undefined, figure: number): number {
  if (earlier === undefined || kind === 'last') return figure;
  if (kind === 'max') return Math.max(earlier, figure);
  return kind === 'min' ? Math.min(earlier, figure) : earlier + figure;
}
