import * as operations from '../../client/sdk.gen.js';
import type { DecisionResponse } from '../../client/types.gen.js';
import type { Client } from '../../client/client/index.js';
import { decisionRequest } from '../../contract/decision-request.js';
import { nodeAction, type AdminAction } from '../../contract/node-actions.js';
import type { Call } from '../connection/call.js';
import { VERDICTS } from '../waiting/decision-verdicts.js';
import { DrainMonitor } from '../waiting/drain-monitor.js';
import { currently, waitUntil } from '../waiting/wait.js';
import type { OptionsOf } from '../grammar/add-command.js';
import type { drainCommand, forceCommand, messageCommand, reasonCommand } from '../grammar/decision-commands.js';

/** What any decision may be told; each command has its part of it. */
export type DecisionOptions = Partial<
  OptionsOf<typeof reasonCommand> &
    OptionsOf<typeof messageCommand> &
    OptionsOf<typeof drainCommand> &
    OptionsOf<typeof forceCommand>
>;

/** The generated functions: `approveNode` for `approve`. As methods, for each takes a body of its own. */
type Operations = {
  [Action in AdminAction as `${Action}Node`]: {
    send(request: { client: Client; path: { id: string } }): Promise<{ data?: DecisionResponse | undefined }>;
  }['send'];
};
const OPERATIONS: Operations = operations;

/** The command that asks the api for one decision about a node, and prints `Ok` when it is made. */
export function decisionCommand(action: AdminAction): { run(call: Call<DecisionOptions, [string]>): Promise<void> } {
  return {
    async run(call) {
      const { options, terminal, interruption } = call;
      const [id] = call.arguments;
      const connection = await call.connect();
      const words = { ...options, reason: options.message ?? options.reason };
      const { node } = await connection.ask(
        OPERATIONS[`${action}Node`]({ client: connection.client, path: { id }, ...decisionRequest(action, words) }),
      );
      if (options.wait) {
        const verdict = VERDICTS[nodeAction(action).waitsFor](id, node.decision.seq);
        const monitor = options.monitor ? new DrainMonitor(connection, terminal) : undefined;
        const progress = monitor?.progress ?? ((line: string) => terminal.stderr.write(`Waiting for ${line}\n`));
        const look = async () => {
          const current = await currently(connection, node);
          if (current) await monitor?.showNode(current);
          return verdict(current);
        };
        await waitUntil(connection, look, {
          timeoutMs: options.timeout,
          interruption,
          progress,
          see: `rollcall node describe ${id}`,
        });
      }
      terminal.stdout.write('Ok\n');
    },
  };
}
