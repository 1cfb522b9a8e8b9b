import { setTimeout as pause } from 'node:timers/promises';
import { nodesOf, type Checked } from './checked.js';
import { describeStuck } from './stuck-workflow.js';

const AGREE_WITHIN_MS = 60_000;
/** A drain goes on in peace, and a query may come too late on a busy machine: whoever does not agree is asked so often at least. */
const ASKED_TIMES = 5;
/** A workflow that no worker has at hand is replayed for its answer, on a busy machine behind others. In milliseconds. */
const REPLAYED_WITHIN_MS = 10_000;
/** Of so many whose workflow did not agree the report says where they are stuck. */
const EXPLAINED = 5;
const AT_ONCE = 8;

/** What MongoDB and the workflows do not agree in. All are asked once, which takes a while where each workflow is replayed for it; whoever did not agree is asked until the time is up. */
export async function disagreements(cluster: Checked, peaceSince: number): Promise<string[]> {
  const nodes = await nodesOf(cluster).find({ type: 'Compute' }).toArray();
  let differing = nodes.map(({ _id }) => _id);
  let differences: string[];
  let isLast: boolean;
  let times = 0;
  do {
    isLast = ++times >= ASKED_TIMES && Date.now() > peaceSince + AGREE_WITHIN_MS;
    const found = await differencesOf(cluster, differing, times === 1 ? undefined : REPLAYED_WITHIN_MS);
    differences = [...found.values()];
    differing = [...found.keys()];
    if (differences.length > 0) await pause(1_000);
  } while (differences.length > 0 && !isLast);
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
