import { visibleText } from '../../contract/plain-text.js';
import type { Output } from '../process/terminal.js';

/** What people are told beside the data: whatever it repeats of elsewhere, each of its lines is safe to show. */
export function plainOutput(output: Output): Output {
  return {
    ...(output.isTTY === undefined ? {} : { isTTY: output.isTTY }),
    // A window may be made larger meanwhile.
    get columns() {
      return output.columns ?? 0;
    },
    get rows() {
      return output.rows ?? 0;
    },
    write: (text: string | Uint8Array) => output.write(String(text).split('\n').map(visibleText).join('\n')),
    screen: output,
  };
}
