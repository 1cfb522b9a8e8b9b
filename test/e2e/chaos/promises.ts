import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import type { NodeDocument } from '../../../src/mongo/schemas/node.schema.js';
import type { DrainSetDocument } from '../../../src/mongo/schemas/drain-set.schema.js';
import {
  DISCONNECT_TIMEOUT_MS,
  UNKNOWN_TIMEOUT_MS,
  type FaultCluster,
  type StoredEvent,
} from '../../support/cluster/fault-cluster.js';
import type { Ledger } from './ledger.js';
import type { Simulator } from '../../support/cluster/simulator.js';
import { describeStuck } from './stuck-workflow.js';

/** As docs/reliability.md has them, in its order. */
export const PROMISES = [
  'nothing acknowledged is lost or doubled',
  'nobody who beat is called lost',
  'the dead are found',
  'MongoDB and Temporal agree within 60 s',
  'removed stays removed, revoked stays revoked',
  'budgets are never exceeded',
  'no 5xx but 503, each 503 and 429 with Retry-After, no exception in a log',
] as const;
export type Broken = Partial<Record<(typeof PROMISES)[number], string[]>>;

/** What of a cluster is asked. */
export interface Checked {
  /** Of its api. */
  readonly url: string;
  readonly home: { readonly path: string };
  readonly db: FaultCluster['db'];
  /** Its real agents, by name. */
  readonly agents: ReadonlyMap<string, { kill(): Promise<void> }>;
  /** What the node's workflow says of itself; asked once where `withinMs` is 0. */
  lifecycle(name: string, withinMs: number, answersWithinMs?: number): Promise<LifecycleView>;
  workflow(name: string): WorkflowHandle;
}

const AGREE_WITHIN_MS = 60_000;
const FOUND_WITHIN_MS = 60_000;
/** Agents that could not reach the api come back within this, and judgement is passed on what was recorded by then. In milliseconds. */
const AFTERMATH_MS = 60_000;
/** An agent that was rejected asks again only after half a minute, so that much later may an approval be known to it. In milliseconds. */
const REJECTED_MS = 45_000;
/** A drain goes on in peace, and a query may come too late on a busy machine: whoever does not agree is asked so often at least. */
const ASKED_TIMES = 5;
/** A workflow that no worker has at hand is replayed for its answer, on a busy machine behind others. In milliseconds. */
const REPLAYED_WITHIN_MS = 10_000;
/** Of so many whose workflow did not agree the report says where they are stuck. */
const EXPLAINED = 5;
const WHAT_DIES_BURIES = 3;
const AT_ONCE = 8;
/** Lines that a log must not have: an error of our code's, or one that it did not know. */
const EXCEPTION =
  /\b(TypeError|ReferenceError|RangeError|SyntaxError|UnhandledPromiseRejection|uncaughtException|ERR_[A-Z_]+_TYPE|heap out of memory|Assertion(Error)?\b.*failed)/;

/** Asks a cluster that nothing befalls any more whether it kept what it promises. */
export class Promises {
  constructor(
    private readonly cluster: Checked,
    private readonly ledger: Ledger,
    private readonly simulators: readonly Simulator[],
    private readonly peaceSince: number,
  ) {}

  async broken(): Promise<Broken> {
    const agreement = await this.#agreement();
    const found: [string, string[]][] = [
      [PROMISES[3], agreement],
      [PROMISES[0], await this.#acknowledged()],
      [PROMISES[4], await this.#ended()],
      [PROMISES[1], await this.#blamed()],
      [PROMISES[2], await this.#dead()],
      [PROMISES[5], this.ledger.seen.filter((what) => what.startsWith('budget'))],
      [
        PROMISES[6],
        [
          ...(await Promise.all(
            this.ledger.seen.filter((what) => !what.startsWith('budget')).map((what) => this.#explained(what)),
          )),
          ...(await this.#logs()),
          ...this.#agentsAnswers(),
        ],
      ],
    ];
    return Object.fromEntries(found.filter(([, what]) => what.length > 0)) as Broken;
  }

  #nodes() {
    return this.cluster.db.collection<NodeDocument>('nodes');
  }

  /** All are asked once, which takes a while where each workflow is replayed for it; whoever did not agree is asked until the time is up. */
  async #agreement(): Promise<string[]> {
    const nodes = await this.#nodes().find({ type: 'Compute' }).toArray();
    let differing = nodes.map(({ _id }) => _id);
    let differences: string[];
    let isLast: boolean;
    let times = 0;
    do {
      isLast = ++times >= ASKED_TIMES && Date.now() > this.peaceSince + AGREE_WITHIN_MS;
      const found = await this.#differences(differing, times === 1 ? undefined : REPLAYED_WITHIN_MS);
      differences = [...found.values()];
      differing = [...found.keys()];
      if (differences.length > 0) await pause(1_000);
    } while (differences.length > 0 && !isLast);
    const stuck = await this.#nodes()
      .find({ _id: { $in: differing }, living: true })
      .limit(EXPLAINED)
      .toArray();
    return [
      ...differences,
      ...(await Promise.all(stuck.map(({ name }) => describeStuck(this.cluster.workflow(name))))),
    ];
  }

  /** @returns what does not agree, by the node's uid */
  async #differences(uids: readonly string[], answersWithinMs?: number): Promise<Map<string, string>> {
    const nodes = await this.#nodes()
      .find({ _id: { $in: uids } })
      .toArray();
    const differences = new Map<string, string>();
    for (const { _id, name, decision, applied, unappliedSince } of nodes)
      if (unappliedSince !== undefined)
        differences.set(_id, `${name}: decision ${decision.seq} is not applied (${applied?.seq ?? 'nothing'} is)`);
    const rest = nodes.filter((node) => node.living).values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const { name, _id, decision, phase } of rest) {
          const view = await this.cluster.lifecycle(name, 0, answersWithinMs).catch((error: Error) => error);
          if (view instanceof Error)
            differences.set(
              _id,
              `${name}: its workflow does not answer: ${[view.message, (view.cause as Error | undefined)?.message].filter(Boolean).join(': ')}`,
            );
          else if (view.uid !== _id || view.seq !== decision.seq || view.phase !== phase)
            differences.set(
              _id,
              `${name}: the record has ${_id} ${decision.seq} ${phase}, the workflow ${view.uid} ${view.seq} ${view.phase}`,
            );
        }
      }),
    );
    return differences;
  }

  async #acknowledged(): Promise<string[]> {
    const events = await this.cluster.db
      .collection<StoredEvent>('events')
      .find({ reason: /^chaos \d+$/ })
      .toArray();
    const times = new Map<string, number>();
    for (const { reason, type, from } of events) {
      // The end of a decommission, which its workflow tells, has the reason of that.
      if (type !== 'NodeRemoved' || from !== null) times.set(reason, (times.get(reason) ?? 0) + 1);
    }
    const lost = this.ledger.of('acknowledged').filter(({ reason }) => !times.has(reason));
    const doubled = this.ledger.asked.filter(({ reason }) => (times.get(reason) ?? 0) > 1);
    const refused = this.ledger.of('refused').filter(({ reason, tries }) => tries === 1 && times.has(reason));
    const seqs = new Map<string, string>();
    const sharing: string[] = [];
    for (const { uid, seq, reason } of this.ledger.of('acknowledged')) {
      if (uid === undefined) continue;
      const other = seqs.get(`${uid} ${seq}`);
      if (other !== undefined && other !== reason)
        sharing.push(`${other} and ${reason} were both acknowledged as ${uid} ${seq}`);
      seqs.set(`${uid} ${seq}`, reason);
    }
    return [
      ...lost.map(({ reason, node, action }) => `lost: ${reason}, ${action} ${node}`),
      ...doubled.map(
        ({ reason, node, action, tries }) =>
          `done ${times.get(reason)} times: ${reason}, ${action} ${node}, asked for ${tries} times`,
      ),
      ...refused.map(({ reason, node, action }) => `refused, and done: ${reason}, ${action} ${node}`),
      ...sharing,
    ];
  }

  async #ended(): Promise<string[]> {
    const broken: string[] = [];
    for (const { uid, reason, node } of this.ledger.of('acknowledged').filter(({ action }) => action === 'remove')) {
      const record = uid === undefined ? null : await this.#nodes().findOne({ _id: uid });
      if (record && (record.living || record.phase !== 'REMOVED'))
        broken.push(`${node} was removed (${reason}) and is ${record.phase}`);
    }
    for (const token of this.ledger.revokedTokens) {
      const { status } = await fetch(`${this.cluster.url}/v1/nodes?limit=1`, {
        headers: { authorization: `Bearer ${token}` },
      });
      if (status !== 401) broken.push(`a revoked token was answered with ${status}`);
    }
    return broken;
  }

  /** Whoever was judged silent was hindered, rejected or gone, and not long before. */
  async #blamed(): Promise<string[]> {
    const events = await this.cluster.db
      .collection<StoredEvent>('events')
      .find({
        type: {
          $in: [
            'NodeUnhealthy',
            'NodeUnknown',
            'NodeRejected',
            'NodeRemoved',
            'TokenRevoked',
            'NodeJoined',
            'NodeApproved',
            'NodeActivated',
          ],
        },
      })
      .sort({ at: 1 })
      .toArray();
    const excuses = new Map<string, StoredEvent>();
    const broken: string[] = [];
    for (const event of events) {
      const { uid, node, at, type, reason } = event;
      if (type !== 'NodeUnhealthy' && type !== 'NodeUnknown') {
        excuses.set(uid, event);
        continue;
      }
      const excuse = excuses.get(uid);
      // Its agent beats no more, however late it is judged.
      if (excuse?.type === 'NodeRejected' || excuse?.type === 'NodeRemoved') continue;
      const from = at - DISCONNECT_TIMEOUT_MS - UNKNOWN_TIMEOUT_MS - AFTERMATH_MS;
      const pool = /^sim-(\d)-/.exec(node)?.[1];
      const wasHindered =
        this.ledger.wasHindered(node, from, at) ||
        (pool !== undefined && this.ledger.wasHindered(`pool ${pool}`, from, at));
      const hasAgent = pool !== undefined || this.cluster.agents.has(node);
      if (hasAgent && !wasHindered && at - (excuse?.at ?? 0) > REJECTED_MS)
        broken.push(
          `${node} was called ${type} at ${new Date(at).toISOString()} (${reason}) and nothing had kept it from beating, since ${excuse?.type} at ${new Date(excuse?.at ?? 0).toISOString()} at least; in the minute before: ${this.ledger.during(at - 60_000, at)}`,
        );
    }
    return broken;
  }

  async #dead(): Promise<string[]> {
    const [agent] = this.cluster.agents.keys();
    const dead = agent === undefined ? [] : [agent];
    if (agent !== undefined) await this.cluster.agents.get(agent)?.kill();
    for (const simulator of this.simulators) dead.push(...(await simulator.bury(WHAT_DIES_BURIES)));
    const until = Date.now() + FOUND_WITHIN_MS;
    let missed: string[];
    do {
      await pause(500);
      const alive = await this.#nodes()
        .find({ name: { $in: dead }, living: true, liveness: 'HEALTHY' })
        .toArray();
      missed = alive.map(({ name, phase }) => `${name} (${phase}) is dead and HEALTHY`);
    } while (missed.length > 0 && Date.now() < until);
    return missed;
  }

  /** With what the api's log says of it, where the answer says where to look. */
  async #explained(what: string): Promise<string> {
    const id = /Look for ([\w-]+) in/.exec(what)?.[1];
    if (id === undefined) return what;
    const log = await readFile(join(this.cluster.home.path, 'logs', 'api.log'), 'utf8');
    const line = log.split('\n').find((one) => one.includes(id));
    return `${what}; api.log: ${line?.slice(0, 2_000) ?? 'nothing'}`;
  }

  async #logs(): Promise<string[]> {
    const folder = join(this.cluster.home.path, 'logs');
    const broken: string[] = [];
    for (const file of await readdir(folder)) {
      if (file.startsWith('mongod') || file.startsWith('temporal')) continue;
      const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
      broken.push(
        ...lines
          .filter((line) => EXCEPTION.test(line))
          .slice(0, 5)
          .map((line) => `${file}: ${line.slice(0, 400)}`),
      );
    }
    return broken;
  }

  #agentsAnswers(): string[] {
    return this.simulators.flatMap(({ status }) =>
      Object.entries(status?.answers ?? {}).flatMap(([asked, outcomes]) =>
        Object.entries(outcomes)
          .filter(([outcome]) => /^5\d\d$/.test(outcome) && outcome !== '503')
          .concat(Object.entries(outcomes).filter(([outcome]) => outcome.includes('without')))
          .map(([outcome, count]) => `${asked} of agents: ${outcome}, ${count} times`),
      ),
    );
  }
}

/** Looks at every drain set now and then: so many nodes of one are never draining by it at once. */
export async function watchBudgets(cluster: FaultCluster, ledger: Ledger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const sets = await cluster.db
      .collection<DrainSetDocument>('drains')
      .find({})
      .toArray()
      .catch(() => []);
    for (const { _id, members, maxUnavailable } of sets) {
      const reason = `drain set ${_id}: chaos set`;
      const query = {
        _id: { $in: members.map(({ uid }) => uid) },
        phase: 'DRAINING',
        'decision.availability.reason': reason,
      };
      const draining = await cluster.db
        .collection('nodes')
        .countDocuments(query as object)
        .catch(() => 0);
      if (draining > maxUnavailable)
        ledger.seen.push(`budget: ${draining} nodes of drain set ${_id} drain at once, ${maxUnavailable} may`);
    }
    await pause(250, undefined, { signal: stop }).catch(() => undefined);
  }
}
