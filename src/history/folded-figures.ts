import { measure, MEASURE_KEYS, roundFigure, type Figures } from '../../contract/measures.js';

const FOLDS = MEASURE_KEYS.map((key) => measure(key).folds);

/** Several readings of a node made one, each measure as its row says. What a reading lacks leaves what the others say as it is. */
export class FoldedFigures {
  private readonly totals = MEASURE_KEYS.map(() => 0);
  private readonly counts = MEASURE_KEYS.map(() => 0);

  add(figures: Figures): void {
    for (let index = 0; index < FOLDS.length; index += 1) {
      const figure = figures[MEASURE_KEYS[index] as keyof Figures];
      if (figure === undefined) continue;
      const earlier = this.counts[index] === 0 ? undefined : this.totals[index];
      this.totals[index] = fold(FOLDS[index], earlier, figure);
      this.counts[index] = (this.counts[index] ?? 0) + 1;
    }
  }

  together(): Figures {
    const figures = MEASURE_KEYS.flatMap((key, index) => {
      const [total = 0, count = 0] = [this.totals[index], this.counts[index]];
      if (count === 0) return [];
      return [[key, roundFigure(key, FOLDS[index] === 'mean' ? total / count : total)] as const];
    });
    return Object.fromEntries(figures) as unknown as Figures;
  }
}

function fold(kind: (typeof FOLDS)[number] | undefined, earlier: number | undefined, figure: number): number {
  if (earlier === undefined || kind === 'last') return figure;
  return kind === 'max' ? Math.max(earlier, figure) : earlier + figure;
}
