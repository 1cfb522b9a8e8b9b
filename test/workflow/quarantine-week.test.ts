import { expect, jest, test } from '@jest/globals';
import { USUAL_RULE } from '../../contract/quarantine.js';
import { SeededRandom } from '../support/seeded-random.js';
import { InMemoryBudget } from '../support/workflow/in-memory-fitness.js';
import { DAY, HOUR, MINUTE, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const USUAL_NODES = 12;
/** A long run has more: `ROLLCALL_QUARANTINE_NODES=200`. */
const NODES = Number(process.env['ROLLCALL_QUARANTINE_NODES'] ?? USUAL_NODES);
const BUDGET = Math.floor(NODES / 6);
/** Probabilities in an hour: that a fit node fails, and that an unfit one passes again. About a quarter of the nodes is unfit at a time. */
const FAILS = 0.06;
const PASSES = 0.2;

// A workflow that the worker does not cache is replayed for each of its tasks.
const harness = useHarness({ maxCachedWorkflows: Math.max(100, 2 * NODES) });
// In milliseconds; 200 nodes take three minutes.
jest.setTimeout(240_000 + NODES * 4_000);

test('a week of checks that fail and pass: the budget is kept, and each outage is reported once', async () => {
  const random = new SeededRandom(18);
  const budget = new InMemoryBudget(BUDGET);
  const rules = new Map([['disk', { ...USUAL_RULE, policy: 'drain' as const }]]);
  const nodes: NodeUnderTest[] = [];
  for (let index = 0; index < NODES; index += 1) {
    const node = await harness.node({ policy: { disconnectTimeoutMs: 30 * DAY }, maxRunEvents: 200 });
    Object.assign(node.ports.fitness, { budget, rules, asksAgainMs: 20 * MINUTE });
    await node.beat();
    nodes.push(node);
  }
  const unfit = new Set<NodeUnderTest>();
  const failures = new Map(nodes.map((node) => [node, 0]));
  for (let hour = 0; hour < 7 * 24; hour += 1) {
    for (const node of nodes) {
      const isUnfit = unfit.has(node);
      if (random.next() >= (isUnfit ? PASSES : FAILS)) continue;
      if (isUnfit) unfit.delete(node);
      else unfit.add(node);
      if (!isUnfit) failures.set(node, (failures.get(node) ?? 0) + 1);
      await node.says({ disk: isUnfit ? 'FIT' : 'UNFIT' });
    }
    await harness.env.sleep(HOUR);
  }
  for (const node of unfit) await node.says({ disk: 'FIT' });
  await harness.env.sleep(HOUR);
  expect(budget.mostAtOnce).toBe(BUDGET);
  let [held, taken] = [0, 0];
  for (const node of nodes) {
    const { phase, heldBack, seq } = await node.settled();
    expect({ phase, heldBack }).toEqual({ phase: 'ACTIVE', heldBack: undefined });
    // Each outage is a quarantine and a release.
    const outages = (seq - 1) / 2;
    const heldBacks = node.ports.eventTypes.filter((type) => type === 'QuarantineHeldBack').length;
    expect(node.ports.eventTypes.filter((type) => type === 'NodeDrained')).toHaveLength(outages);
    expect(outages).toBeLessThanOrEqual(failures.get(node) ?? 0);
    expect(heldBacks).toBeLessThanOrEqual(failures.get(node) ?? 0);
    taken += outages;
    held += heldBacks;
  }
  expect(taken).toBeGreaterThan(NODES);
  expect(held).toBeGreaterThan(0);
  if (NODES !== USUAL_NODES)
    process.stderr.write(`${NODES} nodes: ${taken} quarantines, ${held} held back, at most ${budget.mostAtOnce} out\n`);
});
