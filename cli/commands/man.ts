import type { Call } from '../connection/call.js';
import { manPage } from '../output/man-page.js';

/** `rollcall man`: the manual page, in the format of man. */
export async function run(call: Call<object>): Promise<void> {
  call.terminal.stdout.write(manPage(call.program(), call.terminal.version));
}
