import type { DrainSetWish } from '../../contract/drain-set.js';
import type { Call } from '../connection/call.js';
import type { SetCommands } from '../waiting/set-commands.js';

/** `pause`, `resume` and `cancel` of drains and agent updates: prints `Ok` when it is in force. */
export function rule(kind: SetCommands, wish: DrainSetWish): { run(call: Call<object, [string]>): Promise<void> } {
  return {
    async run(call) {
      await kind.rule(await call.connect(), call.arguments[0], wish);
      call.terminal.stdout.write('Ok\n');
    },
  };
}
