import { setTimeout as pause } from 'node:timers/promises';
import { nodesOf, type Checked } from './checked.js';
import { describeStuck } from './stuck-workflow.js';

/** How long the same difference may last, in milliseconds. A drain makes record and workflow differ for a moment, in something else each time. */
const AGREE_WITHIN_MS = 60_000;
/** A node that keeps differing in something else is reported after this time, in milliseconds. */
const ASKED_FOR_MS = 5 * 60_000;
/** Timeout of a query, in milliseconds: a workflow that is not cached is replayed for it, behind others on a busy machine. */
const REPLAYED_WITHIN_MS = 10_000;
/** For how many disagreeing workflows the report says where they are stuck. */
const EXPLAINED = 5;
const AT_ONCE = 8;

/**
 * Differences between MongoDB and the workflows. All are compared once, which takes a while if workflows are replayed; those that differ are
 * compared until they agree, or the time is up.
 */
export async function disagreements(cluster: Checked, peaceSince: number): Promise<string[]> {
  const nodes = await nodesOf(cluster).find({ type: 'Compute' }).toArray();
  let found = await differencesOf(
    cluster,
    nodes.map(({ _id }) => _id),
  );
  const since = new Map([...found.values()].map((difference) => [difference, peaceSince]));
  const lasting = (difference: string) => Date.now() - (since.get(difference) ?? Date.now()) >= AGREE_WITHIN_MS;
  while (![...found.values()].every(lasting) && Date.now() < peaceSince + ASKED_FOR_MS) {
    await pause(1_000);
    found = await differencesOf(cluster, [...found.keys()], REPLAYED_WITHIN_MS);
    for (const difference of found.values()) if (!since.has(difference)) since.set(difference, Date.now());
  }
  const [differing, differences] = [[...found.keys()], [...found.values()]];
  const stuck = await nodesOf(cluster)
    .find({ _id: { $in: differing }, living: true })
    .limit(EXPLAINED)
    .toArray();
  return [...differences, ...(await Promise.all(stuck.map(({ name }) => describeStuck(cluster.workflow(name)))))];
}

/** @returns differences by the node's uid */
async function differencesOf(
  cluster: Checked,
  uids: readonly string[],
  answersWithinMs?: number,
): Promise<Map<string, string>> {
  const nodes = await nodesOf(cluster)
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
        const view = await cluster.lifecycle(name, 0, answersWithinMs).catch((error: Error) => error);
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
