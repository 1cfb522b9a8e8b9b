import { setTimeout as pause } from 'node:timers/promises';
import type { NodeDocument } from '../../../src/mongo/schemas/node.schema.js';
import type { FaultCluster } from '../../support/cluster/fault-cluster.js';
import type { Ways } from '../../support/cluster/ways.js';
import type { Simulator } from '../../support/cluster/simulator.js';
import type { Victim } from '../../support/cluster/victim.js';
import type { SeededRandom } from '../../support/seeded-random.js';
import type { Passage } from '../../support/relay.js';
import type { SmallDisk } from '../../support/small-disk.js';
import type { Administrator } from './administrator.js';
import type { Ledger } from './ledger.js';
import type { ChaosPlan } from './plan.js';

/** Duration of a fault, in milliseconds. */
const [SHORTEST_MS, LONGEST_MS] = [50, 2_500];
/** Longer than UNHEALTHY and UNKNOWN take together. */
const LONG_MS = [25_000, 35_000] as const;
/** Maximum wait for a crash point, in milliseconds: it comes soon, or the moment has passed. */
const POINT_WITHIN_MS = 4_000;
const ONE_SPOILS: [Passage, ...Passage[]] = ['cut', 'deaf', 'one-way', 'slow'];

export interface Stage {
  cluster: FaultCluster;
  ways: Ways;
  simulators: readonly Simulator[];
  /** The home's own disk; undefined if this machine cannot mount one. */
  disk: SmallDisk | undefined;
  /** Makes decisions at crash points. */
  administrator: Administrator;
  /** Whether faketime is installed. */
  hasFalseClock: boolean;
}

interface Fault {
  name: string;
  /** What it breaks: nothing is broken twice at once. */
  spoils: readonly string[];
  inflict: (lastsMs: number) => Promise<void>;
}

type Kind = () => Fault;

/** Inflicts every kind of fault, each equally likely, and repairs what it broke. */
export class Chaos {
  readonly #spoilt = new Set<string>();
  readonly #kinds: [Kind, ...Kind[]];
  readonly #servers: [string, Victim][];

  constructor(
    private readonly stage: Stage,
    private readonly random: SeededRandom,
    private readonly ledger: Ledger,
    private readonly plan: Pick<ChaosPlan, 'longPercent' | 'restMs'>,
  ) {
    const { api, worker, temporal, mongod } = stage.cluster;
    this.#servers = Object.entries({ api, worker, temporal, mongod });
    const rare: Kind[] = [
      ...(stage.disk ? [() => this.#fullDisk(stage.disk as SmallDisk)] : []),
      ...(stage.hasFalseClock ? [() => this.#falseClock()] : []),
    ];
    this.#kinds = [
      () => this.#process(this.#server(), 'kill'),
      ...[() => this.#process(this.#server(), 'freeze'), () => this.#process(this.#server(), 'stop')],
      ...[
        () => this.#process(this.#agent(), 'kill'),
        () => this.#process(this.#agent(), 'freeze'),
        () => this.#process(this.#agent(), 'stop'),
      ],
      ...[
        () => this.#way(),
        () => this.#way(),
        () => this.#afterCommit(),
        () => this.#afterWriting(),
        () => this.#beforeAnswer(),
      ],
      ...[() => this.#workflow(), () => this.#workflow(), () => this.#fleet(), ...rare],
    ];
  }

  /** Runs until `stop`; everything is repaired and runs once all have returned. */
  async rage(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const fault = this.random.pick(this.#kinds)();
      const isLong = this.random.next() * 100 < this.plan.longPercent;
      const lastsMs = isLong ? this.random.between(...LONG_MS) : this.random.between(SHORTEST_MS, LONGEST_MS);
      if (!fault.spoils.some((what) => this.#spoilt.has(what))) await this.#inflict(fault, lastsMs, isLong);
      await pause(this.random.between(SHORTEST_MS, this.plan.restMs), undefined, { signal: stop }).catch(
        () => undefined,
      );
    }
  }

  async #inflict({ name, spoils, inflict }: Fault, lastsMs: number, isLong: boolean): Promise<void> {
    for (const what of spoils) this.#spoilt.add(what);
    const ended = this.ledger.inflict(isLong ? `${name}, for long` : name);
    try {
      await inflict(lastsMs);
    } finally {
      ended();
      for (const what of spoils) this.#spoilt.delete(what);
    }
  }

  #server(): [string, Victim] {
    return this.#servers[this.random.between(0, this.#servers.length - 1)] as [string, Victim];
  }

  #agent(): [string, Victim] {
    const agents = [...this.stage.cluster.agents];
    return agents[this.random.between(0, agents.length - 1)] as [string, Victim];
  }

  #process([name, victim]: [string, Victim], how: 'kill' | 'freeze' | 'stop'): Fault {
    const isAgent = this.stage.cluster.agents.has(name);
    const inflict = async (lastsMs: number) => {
      const ended = isAgent ? this.ledger.hinder(name) : () => undefined;
      if (!victim.isRunning) await victim.start();
      if (how === 'freeze') victim.freeze();
      else await victim[how]();
      await pause(lastsMs);
      if (how === 'freeze') victim.thaw();
      else await victim.start();
      ended();
    };
    const word = { kill: 'kill -9', freeze: 'SIGSTOP', stop: 'SIGTERM' }[how];
    return { name: `${word} ${isAgent ? 'an agent' : name}`, spoils: [name], inflict };
  }

  #way(): Fault {
    const { ways } = this.stage;
    const names = Object.keys(ways) as (keyof Ways)[];
    const name = names[this.random.between(0, names.length - 1)] as keyof Ways;
    const passage = this.random.pick(ONE_SPOILS);
    const inflict = async (lastsMs: number) => {
      const ended = name === 'front to api' ? this.ledger.hinder('all') : () => undefined;
      ways[name].spoil(passage);
      await pause(lastsMs);
      ways[name].mend();
      ended();
    };
    return { name: `${name}: ${passage}`, spoils: [name], inflict };
  }

  /** Between the commit and the signal. */
  #afterCommit(): Fault {
    const { cluster, ways, administrator } = this.stage;
    const inflict = async () => {
      ways['api to Temporal'].spoil('deaf');
      const since = Date.now();
      const decided = administrator.decide().catch(() => undefined);
      await this.#soon(async () => (await this.#nodes().countDocuments({ unappliedSince: { $gte: since } })) > 0);
      await cluster.api.kill();
      ways['api to Temporal'].mend();
      await cluster.api.start();
      await decided;
    };
    return { name: 'crash point: api between commit and signal', spoils: ['api', 'api to Temporal'], inflict };
  }

  /** Between the projection's write and its answer to Temporal. */
  #afterWriting(): Fault {
    const { cluster, ways, administrator } = this.stage;
    const inflict = async () => {
      const decided = administrator.decide();
      await this.#soon(async () => (await this.#nodes().countDocuments({ unappliedSince: { $exists: true } })) > 0);
      ways['worker to Temporal'].spoil('deaf');
      await this.#soon(async () => (await this.#nodes().countDocuments({ unappliedSince: { $exists: true } })) === 0);
      await cluster.worker.kill();
      ways['worker to Temporal'].mend();
      await cluster.worker.start();
      await decided.catch(() => undefined);
    };
    return {
      name: 'crash point: worker between projection and its answer',
      spoils: ['worker', 'worker to Temporal'],
      inflict,
    };
  }

  /** Between the commit and the administrator's answer. */
  #beforeAnswer(): Fault {
    const { cluster, ways, administrator } = this.stage;
    const inflict = async () => {
      const ended = this.ledger.hinder('all');
      ways['front to api'].spoil('one-way');
      const since = Date.now();
      const decided = administrator.decide();
      await this.#soon(async () => (await this.#nodes().countDocuments({ unappliedSince: { $gte: since } })) > 0);
      await cluster.api.kill();
      ways['front to api'].mend();
      await cluster.api.start();
      ended();
      await decided.catch(() => undefined);
    };
    return { name: 'crash point: api between commit and answer', spoils: ['api', 'front to api'], inflict };
  }

  #workflow(): Fault {
    const how = this.random.pick(['terminated', 'cancelled', 'reset']);
    const reach = async () => {
      const [node] = await this.#nodes()
        .aggregate<NodeDocument>([{ $match: { living: true, type: 'Compute' } }, { $sample: { size: 1 } }])
        .toArray();
      if (!node) return;
      const workflow = this.stage.cluster.workflow(node.name);
      await this.stage.cluster.askTemporal(async () => {
        if (how === 'terminated') await workflow.terminate('chaos');
        else if (how === 'cancelled') await workflow.cancel();
        else await this.stage.cluster.resetWorkflow(node.name);
      });
    };
    // The servers may be away at this moment.
    const inflict = () => reach().catch(() => undefined);
    return { name: `a workflow ${how} by hand`, spoils: ['by hand'], inflict };
  }

  #fleet(): Fault {
    const { simulators } = this.stage;
    const isAll = this.random.next() < 0.5;
    const hit = isAll ? simulators : [this.random.pick(simulators as [Simulator, ...Simulator[]])];
    const inflict = async (lastsMs: number) => {
      const ended = hit.map(({ pool }) => this.ledger.hinder(`pool ${pool}`));
      for (const simulator of hit) simulator.freeze();
      await pause(lastsMs);
      for (const simulator of hit) simulator.thaw();
      for (const end of ended) end();
    };
    return {
      name: isAll ? 'all simulated agents at once' : 'a quarter of the simulated agents',
      spoils: ['simulated agents'],
      inflict,
    };
  }

  #fullDisk(disk: SmallDisk): Fault {
    const inflict = async (lastsMs: number) => {
      await disk.fill().catch(() => undefined);
      await pause(lastsMs);
      disk.free();
      await this.#revive();
    };
    return {
      name: 'full disk',
      spoils: ['disk', ...this.#servers.map(([name]) => name), ...this.stage.cluster.agents.keys()],
      inflict,
    };
  }

  #falseClock(): Fault {
    const [name, victim] =
      this.random.next() < 0.5 ? this.#agent() : (['api', this.stage.cluster.api] as [string, Victim]);
    const clock = this.random.pick(['+1h', '-1h']);
    const isAgent = name !== 'api';
    const inflict = async (lastsMs: number) => {
      const ended = this.ledger.hinder(isAgent ? name : 'all');
      victim.clock = clock;
      await victim.restart();
      await pause(2 * lastsMs);
      victim.clock = undefined;
      await victim.restart();
      ended();
    };
    return { name: `clock of ${isAgent ? 'an agent' : 'the api'} ${clock}`, spoils: [name], inflict };
  }

  /** Restarts processes that died of a fault. */
  async #revive(): Promise<void> {
    const { mongod, temporal, worker, api, agents } = this.stage.cluster;
    for (const victim of [mongod, temporal, worker, api, ...agents.values()])
      if (!victim.isRunning) await victim.start();
  }

  async #soon(condition: () => Promise<boolean>): Promise<void> {
    const until = Date.now() + POINT_WITHIN_MS;
    while (Date.now() < until && !(await condition().catch(() => false))) await pause(10);
  }

  #nodes() {
    return this.stage.cluster.db.collection<NodeDocument>('nodes');
  }
}
