import { setTimeout as pause } from 'node:timers/promises';
import type { SeededRandom } from '../support/seeded-random.js';
import type { FaultCluster } from './fault-cluster.js';
import type { Victim } from './victim.js';

/** How long one fault lasts, and the rest after it, in milliseconds. */
const [SHORTEST_MS, LONGEST_MS] = [50, 2_500];

interface Fault {
  victim: Victim;
  name: string;
  how: 'kill' | 'freeze';
  lastsMs: number;
  thenMs: number;
}

type Chance = [[string, Victim], ...[string, Victim][]];

/** Kills and freezes a cluster's processes, several at a time, and brings each back after a while. */
export class Chaos {
  readonly inflicted = new Map<string, number>();
  /** Agents share one chance: there are more of them, and the control plane is what is tried. */
  readonly #chances: [Chance, ...Chance[]];
  readonly #suffering = new Set<Victim>();

  constructor(
    cluster: FaultCluster,
    private readonly random: SeededRandom,
  ) {
    const { api, worker, temporal, mongod, agents } = cluster;
    const [agent, ...otherAgents] = agents;
    const servers = Object.entries({ api, worker, temporal, mongod }).map((server): Chance => [server]);
    this.#chances = [agent ? [agent, ...otherAgents] : [['api', api]], ...servers];
  }

  /** Until `stop`; all processes run when it returns. */
  async rage(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const fault = this.#next();
      if (fault) await this.#inflict(fault);
      await pause(fault?.thenMs ?? SHORTEST_MS);
    }
  }

  #next(): Fault | undefined {
    const [name, victim] = this.random.pick(this.random.pick(this.#chances));
    const how = this.random.next() < 0.7 ? 'kill' : 'freeze';
    const [lastsMs, thenMs] = [this.random.between(SHORTEST_MS, LONGEST_MS), this.random.between(SHORTEST_MS, LONGEST_MS)];
    return this.#suffering.has(victim) ? undefined : { victim, name, how, lastsMs, thenMs };
  }

  async #inflict({ victim, name, how, lastsMs }: Fault): Promise<void> {
    this.#suffering.add(victim);
    const what = `${how} ${name}`;
    this.inflicted.set(what, (this.inflicted.get(what) ?? 0) + 1);
    if (how === 'kill') await victim.kill();
    else victim.freeze();
    await pause(lastsMs);
    if (how === 'kill') await victim.start();
    else victim.thaw();
    this.#suffering.delete(victim);
  }
}
