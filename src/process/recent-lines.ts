const MOST_LINES = 2_000;
const MOST_CHARS = 1_000_000;

/** The latest lines of this process's log, for support bundles. Bounded in number and size. */
export class RecentLines {
  private lines: string[] = [];
  private chars = 0;

  add(line: string): void {
    this.lines.push(line);
    this.chars += line.length;
    while (this.lines.length > MOST_LINES || this.chars > MOST_CHARS) this.chars -= this.lines.shift()?.length ?? 0;
  }

  /** All kept lines, oldest first. */
  all(): readonly string[] {
    return this.lines;
  }
}

/** The kept lines of this process, which has one log. */
export const RECENT_LINES = new RecentLines();
