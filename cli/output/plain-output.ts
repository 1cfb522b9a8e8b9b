import { visibleText } from '../../contract/plain-text.js';
import type { Output } from '../process/terminal.js';

/** Messages for people. They may quote text from elsewhere, so each line is made safe to show. */
export function plainOutput(output: Output): Output {
  return {
    ...(output.isTTY === undefined ? {} : { isTTY: output.isTTY }),
    // A terminal may be resized meanwhile.
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
