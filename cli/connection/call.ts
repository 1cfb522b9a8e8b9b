import type { Command } from 'commander';
import type { GlobalOptions } from './access.js';
import type { Connection } from './connection.js';
import type { Terminal } from '../process/terminal.js';

/** One command as it was called. */
export interface Call<Options> {
  /** Positional arguments, in the order of the grammar; those that are optional and absent are undefined. */
  arguments: readonly string[];
  options: Options & GlobalOptions;
  terminal: Terminal;
  /** Aborted when the user presses Ctrl-C. */
  interruption: AbortSignal;
  /** The api that the options, the environment or the context file name. Not every command needs one. */
  connect(): Promise<Connection>;
  /** All commands that can be completed. */
  grammar(): Command;
}

/** A file of cli/commands: loaded only when its command is called, so that the others cost nothing. */
export interface CommandModule<Options> {
  readonly run: (call: Call<Options>) => Promise<void>;
}

/** What a command is about: a node's id for most. The grammar makes sure that it is there. */
export function firstArgumentOf(call: Pick<Call<unknown>, 'arguments'>): string {
  const [id] = call.arguments;
  if (id === undefined) throw new TypeError('the grammar of this command lacks its <id>');
  return id;
}
