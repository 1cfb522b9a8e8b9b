import { CliFailure, EXIT_CODE, type ExitCode } from '../process/cli-failure.js';
import type { Call } from '../connection/call.js';

/** Failures that concern one item only, so that the others go on. */
const OF_ONE: ReadonlySet<ExitCode> = new Set([EXIT_CODE.conflict, EXIT_CODE.notFound, EXIT_CODE.timeout]);

/** A command for one or several items: prints `Ok` for one, `ID Ok` for each of several, and their failures. */
export class Several {
  private readonly failures: CliFailure[] = [];

  constructor(
    private readonly ids: readonly string[],
    private readonly call: Pick<Call<unknown>, 'terminal' | 'interruption'>,
  ) {}

  /**
   * Applies an action to each item, one after the other.
   * @returns results of the successful ones
   * @throws CliFailure if it concerns all items, or there is only one
   */
  async each<Item extends { id: string }, Made>(
    items: readonly Item[],
    act: (item: Item) => Promise<Made>,
  ): Promise<Made[]> {
    const made: Made[] = [];
    for (const item of items) {
      try {
        made.push(await act(item));
      } catch (error) {
        if (!(error instanceof CliFailure) || this.call.interruption.aborted || this.ids.length === 1) throw error;
        if (!OF_ONE.has(error.exitCode) && error.code !== 'SUPERSEDED') throw error;
        this.call.terminal.stderr.write(`${error.sentence()}\n`);
        this.failures.push(error);
      }
    }
    return made;
  }

  done(id: string): void {
    this.call.terminal.stdout.write(this.ids.length === 1 ? 'Ok\n' : `${id} Ok\n`);
  }

  /** @throws CliFailure with the first failure's code, if there was one. `what` follows a number: `sessions were not terminated`. */
  end(what: string): void {
    const [first] = this.failures;
    if (first)
      throw new CliFailure(first.exitCode, first.code, `${this.failures.length} of ${this.ids.length} ${what}`);
  }
}
