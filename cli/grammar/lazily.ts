import type { Command } from 'commander';
import type { CommandModule } from '../connection/call.js';

/**
 * Makes a commander action of a command's file, which is loaded when it is called. `never` as options: the grammar, not
 * the type checker, is what makes a command's options fit its file.
 */
export type Lazily = (load: () => Promise<CommandModule<never>>) => (this: Command) => Promise<void>;
