import { isoTime } from '../contract/iso-time.js';
import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { statusOf } from '../contract/health.js';
import type { LifecycleView } from '../contract/lifecycle.js';
import type { SearchAttribute } from '../contract/temporal-names.js';
import type { Condition, NodeType } from '../contract/states.js';

const key = (name: SearchAttribute) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const PHASE = key('NodePhase');
const LIVENESS = key('NodeLiveness');
const APPROVAL = key('NodeApproval');
const TYPE = key('NodeType');

/** Shows a node in the Temporal Web UI: search attributes, which change on transitions only, and current details. */
export function showInWebUI(type: NodeType, view: LifecycleView): void {
  const wanted: SearchAttributeUpdatePair[] = [
    { key: PHASE, value: view.phase },
    { key: LIVENESS, value: view.liveness.value },
    { key: APPROVAL, value: view.approval.value },
    { key: TYPE, value: type },
  ];
  const shown = workflowInfo().typedSearchAttributes;
  const changed = wanted.filter((pair) => shown.get(pair.key) !== pair.value);
  if (changed.length > 0) upsertSearchAttributes(changed);
  setCurrentDetails(details(type, view));
}

function details(type: NodeType, view: LifecycleView): string {
  const { drain, planned } = view;
  const lines = [
    // The id too: continue-as-new drops the static summary of the first run.
    `**${view.phase}** · ${statusOf(type, view.liveness.value)} · ${type} node ${view.nodeId} · decision ${view.seq}`,
    line('approval', view.approval),
    line('availability', view.availability),
    line('liveness', view.liveness),
    `- sessions: ${view.activeSessions}`,
  ];
  if (drain && drain.remaining.length > 0) lines.push(`- drain waits for: ${drain.remaining.slice(0, 20).join(', ')}`);
  if (drain?.deadline !== undefined)
    lines.push(`- drain deadline: ${isoTime(drain.deadline)}, then ${drain.onDeadline}`);
  if (drain?.thenRemove) lines.push('- removed when the drain is done');
  if (drain?.until !== undefined) lines.push(`- back in service at ${isoTime(drain.until)}`);
  if (planned) {
    const end = planned.until === undefined ? '' : ` until ${isoTime(planned.until)}`;
    lines.push(
      `- planned: deactivate at ${isoTime(planned.at)}${end} by ${planned.by}${planned.reason === '' ? '' : ` (${planned.reason})`}`,
    );
  }
  return lines.join('\n');
}

function line(axis: string, { value, since, reason, by }: Condition<string>): string {
  return `- ${axis}: ${value} since ${isoTime(since)} by ${by}${reason === '' ? '' : ` (${reason})`}`;
}
