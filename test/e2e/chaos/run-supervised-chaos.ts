import { setTimeout as pause } from 'node:timers/promises';
import { SeededRandom } from '../../support/seeded-random.js';
import { Administrator } from './administrator.js';
import { Ledger } from './ledger.js';
import { Promises, type Broken } from './promises.js';
import { AGENTS, KEPT, SupervisedCluster, type Kept } from './supervised-cluster.js';

const [SHORTEST_MS, LONGEST_MS] = [50, 2_500];

/** How much of it. */
export interface SupervisedPlan {
  seed: number;
  administrators: number;
  faults: number;
}

export interface SupervisedReport {
  plan: SupervisedPlan;
  faults: number;
  inflicted: Record<string, number>;
  acknowledged: number;
  /** Processes that were left when the cluster had ended. */
  left: number[];
  broken: Broken;
}

/**
 * Runs `npm start`, and kills, stops and pauses its supervisor and the supervised processes in turn, while administrators decide; then checks
 * the same promises as for an unsupervised cluster.
 */
export async function runSupervisedChaos(plan: SupervisedPlan, say: (line: string) => void): Promise<SupervisedReport> {
  const cluster = await SupervisedCluster.start();
  const ledger = new Ledger();
  let streams = 0;
  const stream = () => new SeededRandom(plan.seed * 1_000 + ++streams);
  const random = stream();
  const over = new AbortController();
  let broken: Broken;
  let left: number[];
  try {
    const { url, token } = cluster;
    const administrators = Array.from({ length: plan.administrators }, (_, index) =>
      new Administrator(`a${index}`, url, token, stream(), ledger, AGENTS).work(over.signal),
    );
    const first = random.between(0, KEPT.length - 1);
    for (let round = first; ledger.faults < plan.faults; round += 1) {
      // A process that dies five times within half a minute is given up, so each supervisor sees only one death.
      await killKept(KEPT[round % KEPT.length] as Kept, cluster, random, ledger);
      await endSupervisor(cluster, random, ledger);
      say(`${ledger.faults} faults, ${ledger.of('acknowledged').length} decisions acknowledged`);
    }
    over.abort();
    await Promise.all(administrators);
    say('peace: asking for the promises');
    await cluster.open();
    broken = await new Promises(cluster, ledger, [], Date.now()).broken();
  } finally {
    over.abort();
    await cluster.end();
    left = cluster.killLeftovers();
  }
  return {
    plan,
    faults: ledger.faults,
    inflicted: Object.fromEntries(ledger.inflicted),
    acknowledged: ledger.of('acknowledged').length,
    left,
    broken,
  };
}

async function killKept(victim: Kept, cluster: SupervisedCluster, random: SeededRandom, ledger: Ledger): Promise<void> {
  const isWatched = random.next() < 0.5;
  ledger.inflict(`kill -9 ${victim}${isWatched ? '' : ' while the supervisor is stopped by SIGSTOP'}`);
  let killed = 0;
  const kill = async () => {
    killed = await cluster.kill(victim);
    await pause(random.between(SHORTEST_MS, LONGEST_MS));
  };
  if (isWatched) await kill();
  else await cluster.withoutSupervisor(kill);
  await cluster.recovered(victim, killed);
}

async function endSupervisor(cluster: SupervisedCluster, random: SeededRandom, ledger: Ledger): Promise<void> {
  const signal = random.pick<'SIGKILL' | 'SIGTERM'>(['SIGKILL', 'SIGTERM']);
  const orphan = signal === 'SIGKILL' && random.next() < 0.5 ? random.pick(KEPT) : undefined;
  ledger.inflict(
    `${signal === 'SIGKILL' ? 'kill -9' : signal} the supervisor${orphan === undefined ? '' : `, then kill -9 ${orphan}`}`,
  );
  // Its agents are restarted with the rest.
  const ended = ledger.hinder('all');
  const code = await cluster.replaceSupervisor(signal, async () => {
    if (orphan !== undefined) await cluster.kill(orphan);
    await pause(random.between(SHORTEST_MS, LONGEST_MS));
  });
  ended();
  if (signal === 'SIGTERM' && code !== 0) ledger.seen.push(`the supervisor ended with exit code ${code} after SIGTERM`);
}
