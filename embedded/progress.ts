const PLAIN_EVERY_MS = 10_000;
const TERMINAL_EVERY_MS = 1_000;

/**
 * Shows on a stream what is being done and for how long. A terminal has one line that is rewritten; elsewhere a line appears at
 * the start, every ten seconds, and at the end, so that a log of it can be read.
 */
export class Progress {
  readonly #terminal: boolean;

  constructor(
    private readonly stream: NodeJS.WriteStream | { write(text: string): unknown; isTTY?: boolean } = process.stderr,
  ) {
    this.#terminal = stream.isTTY === true;
  }

  say(line: string): void {
    this.stream.write(`${this.#terminal ? '\r\x1b[K' : ''}${line}\n`);
  }

  /**
   * Does `work`, showing its name and the time it takes.
   * @param work gets a function to report its progress
   */
  async during<T>(name: string, work: (tell: (detail: string) => void) => Promise<T>): Promise<T> {
    const start = Date.now();
    let detail = '';
    const tell = () => {
      const text = `  ${name} … ${Math.round((Date.now() - start) / 1_000)} s${detail}`;
      this.stream.write(this.#terminal ? `\r\x1b[K${text}` : `${text}\n`);
    };
    this.stream.write(this.#terminal ? `  ${name} …` : `  ${name} …\n`);
    const ticking = setInterval(tell, this.#terminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS);
    const end = (outcome: string) => {
      clearInterval(ticking);
      this.stream.write(
        `${this.#terminal ? '\r\x1b[K' : ''}  ${name}: ${outcome} (${((Date.now() - start) / 1_000).toFixed(1)} s)\n`,
      );
    };
    try {
      const result = await work((text) => (detail = `, ${text}`));
      end('done');
      return result;
    } catch (error) {
      end('failed');
      throw error;
    }
  }
}
