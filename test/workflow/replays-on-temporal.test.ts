import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { SeededRandom } from '../support/seeded-random.js';
import { countedBundle } from '../support/workflow/lifecycle-bundle.js';
import { LifecycleHarness, SECOND } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';
import { bringingHome } from '../support/workflow/workflow-coverage.js';

const NODES = Number(process.env['REPLAYED_NODES'] ?? 8);
/** Things that happen to each node. */
const HAPPENINGS = Number(process.env['REPLAYED_HAPPENINGS'] ?? 150);
const SEED = Number(process.env['REPLAYED_SEED'] ?? 20_261_130);

// Only the real server has speculative workflow tasks: those of refused updates leave no event.
let real: LifecycleHarness;
beforeAll(async () => {
  real = await LifecycleHarness.start({ realServer: true });
});
afterAll(() => real.stop());

type Happening = (node: NodeUnderTest, random: SeededRandom) => Promise<unknown>;

/** Refused updates are frequent, so that some of them meet a deadline before its timer has fired. */
const HAPPENINGS_BY_WEIGHT: readonly (readonly [number, Happening])[] = [
  [40, (node) => node.terminate('unknown')],
  [14, async (node) => node.beat({ at: await node.now() })],
  [5, (node) => node.beatUnsignalled()],
  [6, async (node, random) => node.report(random.pick([[], ['s0'], ['s1', 's2']]), { at: await node.now() })],
  [5, (node, random) => node.open(`s${random.between(0, 9)}`, { cpu: random.between(0, 5) })],
  [2, (node, random) => node.terminate(`s${random.between(0, 2)}`)],
  [3, async (node, random) => node.decide('deactivate', await someDrain(node, random))],
  [4, (node) => node.decide('activate')],
  [1, (node) => node.decide('reject')],
  [3, (node) => node.decide('approve')],
  [2, (node) => node.signalDecision(node.decision, { again: true })],
  [2, (node) => node.noticeSilence()],
  [2, (node, random) => node.says({ DiskFull: random.pick(['FIT' as const, 'UNFIT' as const]) })],
  [2, (node, random) => holdUp(node, 'look', random.between(0, 3 * SECOND))],
  [2, (node, random) => holdUp(node, 'project', random.between(0, SECOND))],
  [7, (_node, random) => pause(random.between(0, 1_500))],
];

async function someDrain(node: NodeUnderTest, random: SeededRandom) {
  const deadline = random.pick([undefined, (await node.now()) + random.between(0, 2 * SECOND)]);
  return { deadline, onDeadline: random.pick(['wait' as const, 'terminate' as const]) };
}

/** MongoDB answers this port's calls so much later. */
async function holdUp(node: NodeUnderTest, port: 'look' | 'project', ms: number): Promise<void> {
  setTimeout(node.ports.hold(port), ms);
}

function anyHappening(random: SeededRandom): Happening {
  let left = random.between(0, HAPPENINGS_BY_WEIGHT.reduce((sum, [weight]) => sum + weight, 0) - 1);
  for (const [weight, happening] of HAPPENINGS_BY_WEIGHT) {
    if (left < weight) return happening;
    left -= weight;
  }
  throw new Error('the weights do not add up');
}

test('every run of nodes to which anything happens replays, refused updates beside deadlines included', async () => {
  const nodes = await Promise.all(
    Array.from({ length: NODES }, () =>
      real.node({ maxRunEvents: 200, policy: { disconnectTimeoutMs: 700, unknownTimeoutMs: 700 } }),
    ),
  );
  await Promise.all(
    nodes.map(async (node, index) => {
      const random = new SeededRandom(SEED + index);
      for (let count = 0; count < HAPPENINGS; count += 1) await anyHappening(random)(node, random);
    }),
  );
  const failures: string[] = [];
  let refused = 0;
  let runs = 0;
  for (const node of nodes) {
    let runId: string | undefined = node.firstRunId;
    while (runId !== undefined) {
      const history = await node.history(runId);
      const events = history.events ?? [];
      refused += events.filter(
        (event) => event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.failure,
      ).length;
      try {
        await Worker.runReplayHistory(
          { workflowBundle: await countedBundle(), ...bringingHome() },
          history,
          'replayed',
        );
      } catch (error) {
        failures.push(`${node.handle.workflowId} ${runId}, ${events.length} events: ${String(error)}`);
      }
      runs += 1;
      runId = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    }
  }
  expect(failures).toEqual([]);
  expect(runs).toBeGreaterThan(NODES);
  expect(refused).toBeGreaterThan(NODES);
}, 600_000);
