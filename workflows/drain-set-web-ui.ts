import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import {
  countMembers,
  isUnderWay,
  tellOthers,
  type DrainSetInput,
  type DrainSetMember,
  type DrainSetProgress,
} from '../contract/drain-set.js';
import { isoTime } from '../contract/iso-time.js';
import type { SearchAttribute } from '../contract/temporal-names.js';
import type { BeginningTimes } from './beginning-times.js';

const STATE = defineSearchAttributeKey('DrainState' satisfies SearchAttribute, SearchAttributeType.KEYWORD);
const NODES_SHOWN = 50;

/** What operators see of a drain set in the Temporal Web UI. */
export function showDrainSet(
  input: DrainSetInput,
  { state, members, others, waiting }: DrainSetProgress,
  window: BeginningTimes['window'],
): void {
  if (workflowInfo().typedSearchAttributes.get(STATE) !== state) upsertSearchAttributes([{ key: STATE, value: state }]);
  const counts = Object.entries(countMembers(members)).filter(([, count]) => count > 0);
  const lines = [
    `**${state}** · ${input.update ? `agent update to ${input.update.version}` : 'drain set'} ${input.id} · ${input.labels.join(',')} · by ${input.by}${input.reason === '' ? '' : ` (${input.reason})`}`,
    `- ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}; at most ${input.maxUnavailable} unavailable at once`,
    ...(input.notBefore === undefined ? [] : [`- no node begins before ${isoTime(input.notBefore)}`]),
    ...(window === undefined ? [] : [`- ${tellWindow(window)}`]),
    ...(others.count === 0
      ? []
      : [`- ${waiting ? 'waits, since these count too' : 'these count too'}: ${tellOthers(others)}`]),
    ...noteworthy(members).map(
      ({ name, state: its, reason }) => `- ${name}: ${its}${reason === '' ? '' : ` (${reason})`}`,
    ),
  ];
  setCurrentDetails(lines.join('\n'));
}

function tellWindow({ name, until, opensAt }: NonNullable<BeginningTimes['window']>): string {
  if (until !== undefined) return `window ${name} is open until ${isoTime(until)}`;
  return `no node begins before window ${name} opens${opensAt === undefined ? '' : ` at ${isoTime(opensAt)}`}`;
}

/** Nodes in progress first, then finished ones; queued nodes are only counted. */
function noteworthy(members: readonly DrainSetMember[]): DrainSetMember[] {
  const begun = members.filter(({ state }) => state !== 'QUEUED' && state !== 'NOT_BEGUN');
  return begun
    .toSorted((a, b) => Number(isUnderWay(b)) - Number(isUnderWay(a)) || b.since - a.since)
    .slice(0, NODES_SHOWN);
}
