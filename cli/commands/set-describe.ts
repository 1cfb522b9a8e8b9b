import type { AgentUpdate, DrainSet } from '../../client/types.gen.js';
import type { Call } from '../connection/call.js';
import { describeDrain } from '../output/drain-description.js';
import { printDocument } from '../output/print-document.js';
import { wantsColours } from '../process/terminal.js';
import { waitForDrainSet } from '../waiting/drain-set-wait.js';
import type { SetCommands } from '../waiting/set-commands.js';

type Options = { monitor?: true | undefined; output: Parameters<typeof printDocument>[1] };

/** `describe` of drains and agent updates: the progress of a set, node by node. With `--monitor`, once it is over. */
export function describe(kind: SetCommands<DrainSet | AgentUpdate>): {
  run(call: Call<Options, [string]>): Promise<void>;
} {
  return {
    async run(call) {
      const { options, terminal, interruption } = call;
      const [id] = call.arguments;
      const connection = await call.connect();
      const set = options.monitor
        ? await waitForDrainSet(connection, kind, id, { terminal, interruption, monitor: true })
        : await kind.get(connection, id);
      await printDocument(set, options.output, terminal, () =>
        describeDrain(set, { now: connection.now(), colours: wantsColours(terminal.stdout, terminal.env) }, kind.what),
      );
    },
  };
}
