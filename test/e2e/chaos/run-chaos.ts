import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createJoinToken } from '../../../client/index.js';
import type { NodeDocument } from '../../../src/mongo/schemas/node.schema.js';
import { FaultCluster } from '../../support/cluster/fault-cluster.js';
import { Simulator } from '../../support/cluster/simulator.js';
import { until } from '../../support/cluster/local-cluster.js';
import { SeededRandom } from '../../support/seeded-random.js';
import { SmallDisk } from '../../support/small-disk.js';
import { Administrator } from './administrator.js';
import { Chaos } from './chaos.js';
import { Ledger } from './ledger.js';
import type { ChaosPlan } from './plan.js';
import { keepEvidence } from './kept-evidence.js';
import { watchBudgets } from './budgets.js';
import { Promises, type Broken } from './promises.js';

/** One simulator for each of these labels, so that sets of nodes can be drained, and part of the fleet can vanish. */
const POOLS = ['0', '1', '2', '3'] as const;
const REAL_AGENTS = ['node-1', 'node-2', 'node-3'];
const DISK_MB = 3_000;
const JOINED_WITHIN_MS = 180_000;

export interface ChaosReport {
  plan: ChaosPlan;
  lastedMs: number;
  faults: number;
  inflicted: Record<string, number>;
  decisions: Record<'acknowledged' | 'refused' | 'ambiguous', number>;
  /** Answers to administrators by status; `none` for no answer. */
  answers: Record<string, number>;
  nodes: number;
  /** How often, and for how long at most, a simulator's process did not run, including those that were stopped on purpose. */
  stalls: { count: number; longestMs: number };
  /** Kinds of faults that this machine does not support. */
  without: string[];
  broken: Broken;
  /** Folder with the logs and the blind spots of the run; absent where no promise was broken. */
  evidence?: string;
}

/** Runs a cluster with faults while administrators decide, and checks its promises. */
export async function runChaos(plan: ChaosPlan, say: (line: string) => void): Promise<ChaosReport> {
  const disk = SmallDisk.mount(DISK_MB);
  // An interrupted run leaves no disk mounted either.
  const unmount = () => disk?.unmount();
  process.once('exit', unmount);
  const ledger = new Ledger();
  const simulators: Simulator[] = [];
  let streams = 0;
  const random = () => new SeededRandom(plan.seed * 1_000 + ++streams);
  let cluster: FaultCluster | undefined;
  try {
    const running = await FaultCluster.start(
      REAL_AGENTS,
      {},
      { ...(disk && { folder: join(disk.path, 'home') }), hasWays: true, agentLabels: { real: 'yes' } },
    );
    cluster = running;
    const { ways, adminToken } = running;
    if (!ways) throw new Error('the cluster has no ways that can be spoilt');
    const { data } = await createJoinToken({
      client: running.admin,
      body: { maxUses: plan.agents, expiresIn: '24h', autoApprove: true },
    });
    if (!data) throw new Error('there is no join token');
    for (const [index, pool] of POOLS.entries())
      simulators.push(
        new Simulator(
          pool,
          running.front,
          data.token,
          Math.ceil((plan.agents - index) / POOLS.length),
          plan.seed + index,
        ),
      );
    for (const simulator of simulators)
      simulator.onStall = (stalledMs) => ledger.noteStall(`pool ${simulator.pool}`, stalledMs);
    say(`seed ${plan.seed}: ${plan.agents} simulated agents join`);
    await until(
      () => simulators.every(({ hasJoined }) => hasJoined),
      'all simulated agents have joined',
      JOINED_WITHIN_MS,
    );

    const person = (name: string) => new Administrator(name, running.front, adminToken, random(), ledger, REAL_AGENTS);
    const hasFalseClock = spawnSync('faketime', ['--version']).status === 0;
    const chaos = new Chaos(
      { cluster: running, ways, simulators, disk, administrator: person('crash'), hasFalseClock },
      random(),
      ledger,
      plan,
    );
    const over = new AbortController();
    const began = Date.now();
    const watch = watchProgress(plan, ledger, began, over, say);
    await Promise.all([
      watch,
      watchBudgets(running, ledger, over.signal),
      ...Array.from({ length: plan.atOnce }, () => chaos.rage(over.signal)),
      ...Array.from({ length: plan.administrators }, (_, index) => person(`a${index}`).work(over.signal)),
    ]);
    const lastedMs = Date.now() - began;
    await running.ready();
    const nodes = await running.db.collection<NodeDocument>('nodes').countDocuments({ type: 'Compute' });
    say(
      `peace after ${ledger.faults} faults and ${ledger.of('acknowledged').length} acknowledged decisions: asking for the promises`,
    );
    const broken = await new Promises(running, ledger, simulators, Date.now()).broken();
    return {
      plan,
      lastedMs,
      faults: ledger.faults,
      inflicted: inOrder(ledger.inflicted),
      decisions: {
        acknowledged: ledger.of('acknowledged').length,
        refused: ledger.of('refused').length,
        ambiguous: ledger.of('ambiguous').length,
      },
      answers: inOrder(ledger.answers),
      nodes,
      stalls: { count: ledger.stalls.length, longestMs: Math.max(0, ...ledger.stalls) },
      without: [
        ...(disk ? [] : ['full disk (no disk of its own can be mounted)']),
        ...(hasFalseClock ? [] : ['wrong clocks (faketime is not installed)']),
      ],
      broken,
      ...(Object.keys(broken).length > 0 && { evidence: await keepEvidence(running) }),
    };
  } finally {
    await Promise.all(simulators.map((simulator) => simulator.end()));
    await cluster?.end();
    process.off('exit', unmount);
    unmount();
  }
}

async function watchProgress(
  plan: ChaosPlan,
  ledger: Ledger,
  began: number,
  over: AbortController,
  say: (line: string) => void,
): Promise<void> {
  for (let looks = 1; !over.signal.aborted; looks += 1) {
    await pause(500);
    const decisions = ledger.of('acknowledged').length;
    const isEnough = ledger.faults >= plan.faults && decisions >= plan.decisions;
    if (looks % 20 === 0)
      say(
        `${Math.round((Date.now() - began) / 1_000)} s: ${ledger.faults} faults, ${decisions} decisions acknowledged; answers: ${JSON.stringify(Object.fromEntries(ledger.answers))}`,
      );
    if (isEnough || Date.now() > began + plan.atMostMs) over.abort();
  }
}

function inOrder(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([one], [other]) => one.localeCompare(other)));
}
