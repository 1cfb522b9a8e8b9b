import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Simulator } from '../../support/cluster/simulator.js';
import type { StoredEvent } from '../../support/cluster/fault-cluster.js';
import { disagreements } from './agreement.js';
import { blamedNodes } from './blame.js';
import { nodesOf, type Checked } from './checked.js';
import type { Ledger } from './ledger.js';

/** As in docs/reliability.md, in its order. */
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

const FOUND_WITHIN_MS = 60_000;
const WHAT_DIES_BURIES = 3;
/** Log lines that must not occur: errors of Rollcall's code, or unknown ones. */
const EXCEPTION =
  /\b(TypeError|ReferenceError|RangeError|SyntaxError|UnhandledPromiseRejection|uncaughtException|ERR_[A-Z_]+_TYPE|heap out of memory|Assertion(Error)?\b.*failed)/;

/** Checks the promises of a cluster without faults any more. */
export class Promises {
  constructor(
    private readonly cluster: Checked,
    private readonly ledger: Ledger,
    private readonly simulators: readonly Simulator[],
    private readonly peaceSince: number,
  ) {}

  async broken(): Promise<Broken> {
    const agreement = await disagreements(this.cluster, this.peaceSince);
    const found: [string, string[]][] = [
      [PROMISES[3], agreement],
      [PROMISES[0], await this.#acknowledged()],
      [PROMISES[4], await this.#ended()],
      [PROMISES[1], await blamedNodes(this.cluster, this.ledger)],
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

  async #acknowledged(): Promise<string[]> {
    const events = await this.cluster.db
      .collection<StoredEvent>('events')
      .find({ reason: /^chaos \d+$/ })
      .toArray();
    const times = new Map<string, number>();
    for (const { reason, type, from } of events) {
      // The end of a decommission, reported by its workflow, has the reason of the decommission.
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
      const record = uid === undefined ? null : await nodesOf(this.cluster).findOne({ _id: uid });
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

  async #dead(): Promise<string[]> {
    const [agent] = this.cluster.agents.keys();
    const dead = agent === undefined ? [] : [agent];
    if (agent !== undefined) await this.cluster.agents.get(agent)?.kill();
    for (const simulator of this.simulators) dead.push(...(await simulator.bury(WHAT_DIES_BURIES)));
    const until = Date.now() + FOUND_WITHIN_MS;
    let missed: string[];
    do {
      await pause(500);
      const alive = await nodesOf(this.cluster)
        .find({ name: { $in: dead }, living: true, liveness: 'HEALTHY' })
        .toArray();
      missed = alive.map(({ name, phase }) => `${name} (${phase}) is dead and HEALTHY`);
    } while (missed.length > 0 && Date.now() < until);
    return missed;
  }

  /** With the api's log lines for the request, if the answer has its id. */
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
