import { setTimeout as pause } from 'node:timers/promises';
import { activateNode, approveNode, deactivateNode, rejectNode } from '../../client/index.js';
import { whyNot } from '../../contract/transitions.js';
import type { SeededRandom } from '../support/seeded-random.js';
import type { FaultCluster } from './fault-cluster.js';

const PAUSE_MS = 100;
const PATIENCE_MS = 15_000;
const REQUESTS = { approve: approveNode, activate: activateNode, deactivate: deactivateNode };

export type BusyAction = 'reject' | keyof typeof REQUESTS;

/** One decision that was asked for. */
export interface Asked {
  node: string;
  action: BusyAction;
  /** Given as the reason, and given to no other decision. */
  reason: string;
  /** seq of the decision, where the api has acknowledged it. */
  seq?: number;
}

/** Decides about one node all the time, and takes down what was acknowledged. */
export class BusyAdministrator {
  readonly asked: Asked[] = [];

  constructor(
    private readonly cluster: FaultCluster,
    private readonly random: SeededRandom,
    private readonly node: string,
    private readonly actions: readonly BusyAction[],
  ) {}

  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#decide().catch(() => undefined);
      await pause(PAUSE_MS);
    }
  }

  async #decide(): Promise<void> {
    const { id, type, phase, liveness, activeSessions } = await this.cluster.node(this.node);
    const [first, ...others] = this.actions.filter((action) => whyNot(action, { id, type, phase, liveness: liveness.value, activeSessions }) === undefined);
    if (first === undefined) return;
    const action = this.random.pick([first, ...others]);
    const asked: Asked = { node: id, action, reason: `${id} ${this.asked.length + 1}` };
    this.asked.push(asked);
    const { data } = await this.#ask(asked);
    if (data) asked.seq = data.node.decision.seq;
  }

  #ask({ node: id, action, reason }: Asked) {
    const request = { client: this.cluster.admin, path: { id }, signal: AbortSignal.timeout(PATIENCE_MS) };
    return action === 'reject' ? rejectNode({ ...request, body: { message: reason } }) : REQUESTS[action]({ ...request, body: { reason } });
  }
}
