import { cancelDrain, pauseDrain, resumeDrain } from '../../client/sdk.gen.js';
import type { DrainSetWish } from '../../contract/drain-set.js';
import type { Call } from '../connection/call.js';

const OPERATIONS = { pause: pauseDrain, resume: resumeDrain, cancel: cancelDrain };

/** `rollcall drain pause | resume | cancel`: prints `Ok` when it is in force. */
export function rule(wish: DrainSetWish): { run(call: Call<object, [string]>): Promise<void> } {
  return {
    async run(call) {
      const connection = await call.connect();
      await connection.ask(OPERATIONS[wish]({ client: connection.client, path: { id: call.arguments[0] } }));
      call.terminal.stdout.write('Ok\n');
    },
  };
}
