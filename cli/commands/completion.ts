import { existsSync } from 'node:fs';
import { join } from 'node:path';
import completion from '@bomb.sh/tab';
import type { CallOf } from '../grammar/add-command.js';
import type { completionCommand } from '../grammar/completion-commands.js';

/** `rollcall completion`: the script that calls `rollcall complete` at every press of Tab. */
export async function run({ arguments: [shell], terminal }: CallOf<typeof completionCommand>): Promise<void> {
  const launcher = terminal.installation === undefined ? undefined : join(terminal.installation, 'rollcall');
  // In a clone, rollcall is not on the PATH, so the script calls it by its full name.
  const executable = launcher !== undefined && existsSync(launcher) ? quote(launcher) : 'rollcall';
  completion.setup('rollcall', executable, shell);
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
