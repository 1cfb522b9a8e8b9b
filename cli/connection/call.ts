import type { Command } from 'commander';
import type { GlobalOptions } from './access.js';
import type { Connection } from './connection.js';
import type { Terminal } from '../process/terminal.js';

/** One invocation of a command. */
export interface Call<Options, Arguments extends readonly unknown[] = readonly []> {
  /** Positional arguments in the order of the grammar; optional ones that are absent are undefined. */
  arguments: Arguments;
  options: Options & GlobalOptions;
  terminal: Terminal;
  /** Aborted when the user presses Ctrl-C. */
  interruption: AbortSignal;
  /** The api named by options, environment or context file. Not every command needs one. */
  connect(): Promise<Connection>;
  /** All commands that completion offers. */
  grammar(): Command;
  /** All commands. */
  program(): Command;
}

/** A module of cli/commands, loaded only when its command is called, so that the others cost nothing. */
export interface CommandModule<Options, Arguments extends readonly unknown[]> {
  readonly run: (call: Call<Options, Arguments>) => Promise<void>;
}
