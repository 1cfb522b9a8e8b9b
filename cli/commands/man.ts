import type { Call } from '../connection/call.js';
import { manPage } from '../output/man-page.js';

/** `rollcall man`: the manual page, as man reads it. */
export async function run({ program, terminal }: Call<object>): Promise<void> {
  terminal.stdout.write(manPage(program(), terminal.version));
}
