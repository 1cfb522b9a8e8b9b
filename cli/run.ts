import { CommanderError, type Command, type OptionValues } from 'commander';
import type { CommandModule } from './connection/call.js';
import { resolveAccess, type GlobalOptions } from './connection/access.js';
import { CliFailure, EXIT_CODE } from './process/cli-failure.js';
import { WithPaths } from './output/json-path.js';
import type { Lazily } from './grammar/add-command.js';
import { plainOutput } from './output/plain-output.js';
import { createCompletable, createProgram } from './program.js';
import type { Terminal } from './process/terminal.js';

/** Formats with the api's data as it is, which escape what a terminal would act on. */
const VERBATIM = new Set<unknown>(['json', 'yaml']);

/**
 * Runs one command line.
 * @param words arguments after `rollcall`
 * @param interruption aborted by Ctrl-C
 * @returns the exit code; never throws
 */
export async function run(words: readonly string[], system: Terminal, interruption: AbortSignal): Promise<number> {
  const terminal = { ...system, stderr: plainOutput(system.stderr) };
  const lazily: Lazily = <Options extends OptionValues, Arguments extends unknown[]>(
    load: () => Promise<CommandModule<Options, Arguments>>,
  ) =>
    async function (this: Command) {
      const options = this.optsWithGlobals<Options & GlobalOptions & { output?: unknown; dryRun?: true }>();
      for (const option of Object.values(options)) if (option instanceof WithPaths) await option.prepare();
      const command = await load();
      await command.run({
        // As returned by the grammar's parsers.
        arguments: this.processedArgs as Arguments,
        options,
        terminal,
        interruption,
        async connect() {
          const { Connection } = await import('./connection/connection.js');
          return Connection.open(await resolveAccess(options, terminal), terminal, interruption, {
            isVerbatim: VERBATIM.has(options.output),
            isDryRun: options.dryRun ?? false,
          });
        },
        grammar: () => createCompletable(terminal, () => async () => {}),
        program: () => program,
      });
      if (options.dryRun) terminal.stderr.write('This was a dry run: nothing was changed.\n');
    };
  const program = createProgram(terminal, lazily);
  try {
    await program.parseAsync(words, { from: 'user' });
    return EXIT_CODE.ok;
  } catch (error) {
    return report(error, terminal);
  }
}

function report(error: unknown, terminal: Terminal): number {
  // commander has reported the error already; its own exit codes are 0 for help and 1 for the rest.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.usage;
  if (terminal.env['ROLLCALL_DEBUG'])
    terminal.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  if (error instanceof CliFailure) {
    // The user knows that Ctrl-C ends the command; the hint says what goes on without it.
    if (error.exitCode !== EXIT_CODE.interrupted || error.hint) terminal.stderr.write(`${error.sentence()}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.stderr.write(
    `INTERNAL: ${message.split('\n')[0]}. This is a bug in rollcall; with ROLLCALL_DEBUG=1 it says more\n`,
  );
  return EXIT_CODE.failure;
}
