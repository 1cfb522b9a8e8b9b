import { writeSync } from 'node:fs';

const STDERR = 2;
/** How many times to wait for a slow reader of a pipe before its line is dropped. */
const TRIES = 20;
const PAUSE_MS = 5;
/** pino's level for warnings. */
const WARN = 40;

/**
 * Writes log lines to stderr synchronously. Lines that cannot be written (the disk is full, the reader is gone) are dropped, and their number
 * is logged once lines can be written again.
 */
export class LogOutput {
  #dropped = 0;
  #why = '';
  /** The previous line was written in part. */
  #isTorn = false;

  /** @param writes writes bytes; returns how many it took, or throws like `fs.writeSync` */
  constructor(
    private readonly writes: (bytes: Buffer) => number = (bytes) => writeSync(STDERR, bytes),
    /** Called with each line, written or not. */
    private readonly hears: (line: string) => void = () => undefined,
  ) {}

  write(line: string): void {
    this.hears(line);
    if (this.#dropped > 0 && !this.#put(this.#report())) {
      this.#dropped += 1;
      return;
    }
    this.#dropped = this.#put(line) ? 0 : 1;
  }

  #report(): string {
    const lines = this.#dropped === 1 ? 'a line of this log' : `${this.#dropped} lines of this log`;
    return `${JSON.stringify({ level: WARN, time: Date.now(), msg: `${lines} could not be written (${this.#why})` })}\n`;
  }

  /** @returns whether all of it was written */
  #put(line: string): boolean {
    let rest = Buffer.from(this.#isTorn ? `\n${line}` : line);
    const whole = rest.length;
    for (let attempt = 0; attempt < TRIES;) {
      try {
        rest = rest.subarray(this.writes(rest));
        this.#isTorn = false;
        if (rest.length === 0) return true;
      } catch (error) {
        this.#why = (error as NodeJS.ErrnoException).code ?? 'for a reason unknown';
        if (this.#why !== 'EAGAIN') break;
        attempt += 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
    if (rest.length < whole) this.#isTorn = true;
    return false;
  }
}
