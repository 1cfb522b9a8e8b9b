import type { Call } from '../connection/call.js';

/** `rollcall version`. */
export async function run({ terminal }: Call<object>): Promise<void> {
  terminal.stdout.write(`rollcall ${terminal.version}\n`);
}
