import {
  activateNode,
  approveNode,
  deactivateNode,
  decommissionNode,
  deleteNode,
  rejectNode,
} from '../../client/sdk.gen.js';
import type { DecisionResponse, DrainRequest } from '../../client/types.gen.js';
import { firstArgumentOf, type Call } from '../connection/call.js';
import type { Connection } from '../connection/connection.js';
import { applied, drained, removed } from '../waiting/decision-verdicts.js';
import { DrainMonitor } from '../waiting/drain-monitor.js';
import { currently, waitUntil, type Verdict } from '../waiting/wait.js';

export type Decider = 'approve' | 'reject' | 'activate' | 'deactivate' | 'decommission' | 'delete';

export interface DecisionOptions {
  /** Why, for whoever asks later; a rejected node is told. */
  reason?: string;
  message?: string;
  deadline?: string;
  onDeadline?: DrainRequest['onDeadline'];
  force?: boolean;
  wait?: boolean;
  /** Shows what blocks, live. */
  monitor?: boolean;
  timeout?: number;
}

interface Action {
  send(connection: Connection, id: string, options: DecisionOptions): Promise<DecisionResponse>;
  /** When `--wait` is over. */
  until(id: string, seq: number): Verdict;
}

const ACTIONS: Record<Decider, Action> = {
  approve: {
    send: (connection, id, { reason = '' }) =>
      connection.ask(approveNode({ client: connection.client, path: { id }, body: { reason } })),
    until: applied,
  },
  reject: {
    send: (connection, id, { message = '' }) =>
      connection.ask(rejectNode({ client: connection.client, path: { id }, body: { message } })),
    until: applied,
  },
  activate: {
    send: (connection, id, { reason = '' }) =>
      connection.ask(activateNode({ client: connection.client, path: { id }, body: { reason } })),
    until: applied,
  },
  deactivate: {
    send: (connection, id, options) =>
      connection.ask(deactivateNode({ client: connection.client, path: { id }, body: drainOf(options) })),
    until: drained,
  },
  decommission: {
    send: (connection, id, options) =>
      connection.ask(decommissionNode({ client: connection.client, path: { id }, body: drainOf(options) })),
    until: removed,
  },
  delete: {
    send: (connection, id, { force = false, reason }) =>
      connection.ask(
        deleteNode({
          client: connection.client,
          path: { id },
          query: { force: force ? 'true' : 'false', ...(reason ? { reason } : {}) },
        }),
      ),
    until: removed,
  },
};

/** The command that asks the api for one decision about a node, and prints `Ok` when it is made. */
export function decide(decider: Decider): { run(call: Call<DecisionOptions>): Promise<void> } {
  const action = ACTIONS[decider];
  return {
    async run(call) {
      const { options, terminal, interruption } = call;
      const id = firstArgumentOf(call);
      const connection = await call.connect();
      const { node } = await action.send(connection, id, options);
      if (options.wait) {
        const verdict = action.until(id, node.decision.seq);
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

function drainOf({ reason = '', deadline, onDeadline }: DecisionOptions): DrainRequest {
  return {
    reason,
    ...(deadline === undefined ? {} : { deadline }),
    ...(onDeadline === undefined ? {} : { onDeadline }),
  };
}
