import { visibleText } from '../../contract/plain-text.js';
import type { Output } from '../process/terminal.js';
import { formatCount } from './quantity.js';

const CLEAR_BELOW = '\u001b[J';

/** Lines that are redrawn in place on a terminal, and printed when their content changes elsewhere. */
export class LiveLines {
  private drawn = 0;
  private printed = '';

  constructor(private readonly output: Output) {}

  /**
   * @param lines the present lines
   * @param content decides whether to print the lines again where they cannot be redrawn: everything except elapsed times
   */
  show(lines: readonly string[], content: string): void {
    if (this.output.isTTY) this.redraw(lines);
    else if (content !== this.printed) this.output.write(lines.map((line) => `${line}\n`).join(''));
    this.printed = content;
  }

  /** Later output follows below the lines. */
  end(): void {
    this.drawn = 0;
  }

  private redraw(lines: readonly string[]): void {
    // A terminal of unknown size reports 0. Lines that have scrolled away cannot be redrawn.
    const [width, height] = [this.output.columns || Infinity, (this.output.rows || Infinity) - 1];
    const kept =
      lines.length <= height
        ? lines
        : [
            ...lines.slice(0, Math.max(1, height - 1)),
            `and ${formatCount(lines.length - Math.max(1, height - 1), 'more line')}`,
          ];
    const shown = kept.map(visibleText).map((line) => (line.length < width ? line : `${line.slice(0, width - 2)}…`));
    const back = this.drawn > 0 ? `\u001b[${this.drawn}A` : '';
    const screen = this.output.screen ?? this.output;
    screen.write(`${back}\r${CLEAR_BELOW}${shown.map((line) => `${line}\n`).join('')}`);
    this.drawn = shown.length;
  }
}
