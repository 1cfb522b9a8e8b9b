import type { DrainSetWish } from '../../contract/drain-set.js';
import { drainId } from '../arguments/parsers.js';
import type { Call } from '../connection/call.js';
import { eachId } from '../waiting/each-id.js';
import type { SetCommands } from '../waiting/set-commands.js';

const LEFT: Readonly<Record<DrainSetWish, string>> = {
  pause: 'were not paused',
  resume: 'were not resumed',
  cancel: 'were not cancelled',
};

/** `pause`, `resume` and `cancel` of drains and agent updates, one or more: prints `Ok` when it is in force. */
export function rule(
  kind: SetCommands,
  wish: DrainSetWish,
): { run(call: Call<{ dryRun?: true | undefined }, [string[]]>): Promise<void> } {
  return {
    run: (call) =>
      eachId(call, {
        parse: drainId,
        act: (connection, id) => kind.rule(connection, id, wish),
        failed: LEFT[wish],
      }),
  };
}
