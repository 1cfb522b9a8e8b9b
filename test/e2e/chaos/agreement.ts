import { setTimeout as pause } from 'node:timers/promises';
import { nodesOf, type Checked } from './checked.js';
import { describeStuck } from './stuck-workflow.js';

/** For so long the same difference may last. In peace a drain goes on, and record and workflow differ in that for a moment: it is another then. */
const AGREE_WITHIN_MS = 60_000;
/** Whoever differs in something else each time is reported after so long. In milliseconds. */
const ASKED_FOR_MS = 5 * 60_000;
/** A workflow that no worker has at hand is replayed for its answer, on a busy machine behind others. In milliseconds. */
const REPLAYED_WITHIN_MS = 10_000;
/** Of so many whose workflow did not agree the report says where they are stuck. */
const EXPLAINED = 5;
const AT_ONCE = 8;

/** What MongoDB and the workflows do not agree in. All are asked once, which takes a while where each workflow is replayed for it; whoever did not agree is asked until they do, or the time is up. */
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

/** @returns what does not agree, by the node's uid */
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
