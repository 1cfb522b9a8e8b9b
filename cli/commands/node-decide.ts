import * as operations from '../../client/sdk.gen.js';
import type { DecisionResponse, Node } from '../../client/types.gen.js';
import type { Client } from '../../client/client/index.js';
import { decisionRequest } from '../../contract/decision-request.js';
import { nodeAction, type AdminAction } from '../../contract/node-actions.js';
import type { Call } from '../connection/call.js';
import type { Connection } from '../connection/connection.js';
import { nodeId } from '../arguments/parsers.js';
import { formatCount } from '../output/quantity.js';
import { confirm } from '../process/confirm.js';
import { idsFrom } from '../arguments/ids-from.js';
import { VERDICTS } from '../waiting/decision-verdicts.js';
import { DrainMonitor } from '../waiting/drain-monitor.js';
import { Several } from '../waiting/several.js';
import { currently, waitUntil, type Verdict } from '../waiting/wait.js';
import type { OptionsOf } from '../grammar/add-command.js';
import type { drainCommand, forceCommand, messageCommand, reasonCommand } from '../grammar/decision-commands.js';

/** Options of all decisions; each command has some of them. */
export type DecisionOptions = Partial<
  OptionsOf<typeof reasonCommand> &
    OptionsOf<typeof messageCommand> &
    OptionsOf<typeof drainCommand> &
    OptionsOf<typeof forceCommand>
> & { span?: { at?: string; until?: string } };

/** The generated functions: `approveNode` for `approve`. Declared as methods, since each takes its own type of body. */
type Operations = {
  [Action in AdminAction as `${Action}Node`]: {
    send(request: { client: Client; path: { id: string } }): Promise<{ data?: DecisionResponse | undefined }>;
  }['send'];
};
const OPERATIONS: Operations = operations;

/** Requests a decision about nodes, and prints `Ok` when it is made. All nodes are decided about before the command waits for one. */
export function decisionCommand(action: AdminAction): { run(call: Call<DecisionOptions, [string[]]>): Promise<void> } {
  const { waitsFor, cli } = nodeAction(action);
  return {
    async run(call) {
      const { options } = call;
      const ids = await idsFrom(call.arguments[0], nodeId, call);
      const connection = await call.connect();
      const [only] = ids.length === 1 ? ids : [];
      if (cli.asks !== undefined)
        await confirm(
          `${cli.says.split(/[;:]/)[0]}: ${only ?? formatCount(ids.length, 'node')}? ${cli.asks}`,
          options,
          call,
        );
      const request = decisionRequest(action, {
        ...options,
        ...options.span,
        reason: options.message ?? options.reason,
      });
      const several = new Several(ids, call);
      const decided = await several.each(
        ids.map((id) => ({ id })),
        async ({ id }) => {
          const { client } = connection;
          const { node } = await connection.ask(OPERATIONS[`${action}Node`]({ client, path: { id }, ...request }));
          if (!options.wait) several.done(id);
          return node;
        },
      );
      if (options.wait) {
        const since = performance.now();
        await several.each(decided, async (node) => {
          await waitFor(VERDICTS[waitsFor](node.id, node.decision.seq), node, since, connection, call);
          several.done(node.id);
        });
      }
      several.end('nodes were left as they were, or not waited for to the end');
    },
  };
}

async function waitFor(
  verdict: Verdict,
  node: Node,
  since: number,
  connection: Connection,
  { options, terminal, interruption }: Call<DecisionOptions, [string[]]>,
): Promise<void> {
  const monitor = options.monitor ? new DrainMonitor(connection, terminal) : undefined;
  const look = async () => {
    const current = await currently(connection, node);
    if (current) await monitor?.showNode(current);
    return verdict(current);
  };
  await waitUntil(connection, look, {
    timeoutMs: options.timeout,
    since,
    interruption,
    progress: monitor?.progress ?? ((line: string) => terminal.stderr.write(`Waiting for ${line}\n`)),
    see: `rollcall node describe ${node.id}`,
  });
}
