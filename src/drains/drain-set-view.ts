import { isoTime } from '../../contract/iso-time.js';
import { countMembers, drainSetWorkflowId, isDrainSetOver, type DrainSetState } from '../../contract/drain-set.js';
import { formatDuration } from '../../contract/duration.js';
import type { AgentUpdateView, DrainSet } from '../../contract/schemas/drains.js';
import type { EpochMs } from '../../contract/states.js';
import { openingsOf, openUntil, type MaintenanceWindow } from '../record/maintenance-window.js';
import type { DrainSetRecord } from './drain-set-record.js';

/** Location of Temporal's Web UI, for links. */
export interface ShownTemporal {
  namespace: string;
  webUI?: string | undefined;
}

/** What the record says of a set's window; null where it has no such window, or the set has none. */
export type WindowOfSet = Pick<MaintenanceWindow, 'version' | 'scheduled' | 'opened' | 'durationMs'> | null;

/** What a view needs besides the set's record. */
export interface Shown {
  temporal: ShownTemporal;
  window: WindowOfSet;
  now: EpochMs;
}

/** A drain set as administrators see it. Shows the ruling in force, whether or not the workflow has applied it. */
export function drainSetView(set: DrainSetRecord, shown: Shown, withNodes: boolean): DrainSet {
  const {
    id,
    labels,
    reason,
    actor,
    at,
    endedAt,
    maxUnavailable,
    patienceMs,
    onDeadline,
    notBefore,
    until,
    ruling,
    members,
    rulingSeq,
    others,
    waiting,
  } = set;
  const workflow = drainSetWorkflowId(id, set.update);
  const { webUI, namespace } = shown.temporal;
  return {
    ...{ id, labels, reason, maxUnavailable, onDeadline },
    state: stateOf(set),
    by: actor.by,
    at: isoTime(at),
    endedAt: endedAt === null ? null : isoTime(endedAt),
    deadline: patienceMs === null ? null : formatDuration(patienceMs),
    beginsAt: notBefore === undefined ? null : isoTime(notBefore),
    until: until === undefined ? null : isoTime(until),
    window: windowOf(set, shown),
    ruling: { at: isoTime(ruling.at), by: ruling.by, applied: rulingSeq >= ruling.seq },
    counts: countMembers(members),
    others: { waiting, count: others.count, nodes: others.named.map(({ name, why }) => ({ id: name, why })) },
    nodes: withNodes ? memberViews(set) : null,
    workflow: {
      id: workflow,
      url:
        webUI === undefined
          ? null
          : `${webUI.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflow)}`,
    },
  };
}

/** Likewise, of an agent update. @throws Error for any other set */
export function agentUpdateView(set: DrainSetRecord, shown: Shown, withNodes: boolean): AgentUpdateView {
  if (set.update === undefined) throw new Error(`drain set ${set.id} updates no agents`);
  const { version, downgrade, maxFailures, timeoutMs } = set.update;
  return {
    ...drainSetView(set, shown, withNodes),
    ...{ version, downgrade, maxFailures, timeout: formatDuration(timeoutMs) },
  };
}

/** Its nodes, in the order of their turns. */
function memberViews({ members }: DrainSetRecord): NonNullable<DrainSet['nodes']> {
  return members.map(({ uid, name, state, since, reason }) => ({
    id: name,
    uid,
    state,
    since: isoTime(since),
    reason,
  }));
}

function stateOf({ state, ruling, rulingSeq }: DrainSetRecord): DrainSetState {
  if (isDrainSetOver(state) || rulingSeq >= ruling.seq) return state;
  return ({ resume: 'RUNNING', pause: 'PAUSED', hold: 'HELD', cancel: 'CANCELLING' } as const)[ruling.value];
}

/** Whether its window is open, or when it opens; by the record alone, whether Temporal answers or not. */
function windowOf(set: DrainSetRecord, { window, now }: Shown): DrainSet['window'] {
  if (set.window === undefined) return null;
  const until = window === null ? undefined : openUntil(window, now);
  // Openings that are over before the set may begin are of no use to it.
  const next = window && openingsOf(window, now).find((at) => at + window.durationMs > (set.notBefore ?? at));
  const isToBegin = stateOf(set) === 'RUNNING' && set.members.some(({ state }) => state === 'QUEUED');
  return {
    name: set.window,
    waiting: isToBegin && until === undefined,
    openUntil: until === undefined ? null : isoTime(until),
    opensAt: next ? isoTime(next) : null,
  };
}
