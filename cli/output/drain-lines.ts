import type { DrainSet, Node, NodeSession } from '../../client/types.gen.js';
import { countMembers, tellOthers } from '../../contract/drain-set.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAhead, formatRoundSpan } from './age.js';
import { formatDeadline } from './drain-deadline.js';
import { plainText } from '../../contract/plain-text.js';
import { formatCount } from './quantity.js';

/** Lines that show a drain while it is watched. */
export interface DrainPicture {
  lines: string[];
  /** Their content without elapsed times. */
  content: string;
}

const SESSIONS_SHOWN = 20;

/** What blocks the drain of one node. */
export function nodeDrainPicture(node: Node, sessions: readonly NodeSession[], now: EpochMs): DrainPicture {
  const { id, drain, phase, status, liveness } = node;
  const content = JSON.stringify([
    phase,
    status,
    drain?.terminating,
    sessions.map((session) => [session.id, session.state]),
  ]);
  if (phase !== 'DRAINING')
    return { lines: [`Node ${id} is ${phase}${drain?.thenRemove ? '; it is removed next' : ''}.`], content };
  const left = sessions.length === 0 ? 'no session is left' : `${formatCount(sessions.length, 'session')} left`;
  const lines = [
    `Node ${id} drains: ${left}; deadline: ${drain ? formatDeadline(drain, now) : 'none'}.`,
    ...sessionLines(sessions),
  ];
  if (liveness.value === 'UNHEALTHY')
    lines.push(
      `  It is silent (${plainText(liveness.reason)}): what still runs is given up as LOST when it becomes UNKNOWN.`,
    );
  return { lines, content };
}

/** Progress of a set, and what blocks its draining nodes. */
export function drainSetPicture(
  set: DrainSet,
  blocking: readonly { node: string; sessions: readonly NodeSession[] }[],
  now: EpochMs,
  what = 'Drain',
): DrainPicture {
  const content = JSON.stringify([
    set.state,
    set.counts,
    set.window,
    set.others,
    blocking.map(({ node, sessions }) => [node, sessions.map((session) => [session.id, session.state])]),
  ]);
  const lines = [
    `${what} ${set.id} is ${set.state}: ${tally(set)}.`,
    ...(set.window?.waiting ? [`  ${windowLine(set, now)}`] : []),
    ...(set.others.count === 0 ? [] : [`  ${othersLine(set)}`]),
    ...blocking.flatMap(({ node, sessions }) => [
      `  Node ${node}: ${sessions.length === 0 ? 'no session is left' : `${formatCount(sessions.length, 'session')} left`}`,
      ...sessionLines(sessions, '    '),
    ]),
  ];
  return { lines, content };
}

/** `2 DRAINED, 1 DRAINING, 3 QUEUED`: states without nodes are left out. */
export function tally({ counts }: Pick<DrainSet, 'counts'>): string {
  return (Object.keys(countMembers([])) as (keyof DrainSet['counts'])[])
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`)
    .join(', ');
}

/** `node-3 (UNKNOWN), node-7 (REJECTED by ada) count too: no further node begins before one of them is available again`; empty if there are none. */
export function othersLine({ others: { count, nodes, waiting } }: Pick<DrainSet, 'others'>): string {
  if (count === 0) return '';
  const named = plainText(tellOthers({ count, named: nodes.map(({ id, why }) => ({ name: id, why })) }));
  return `${named} ${count === 1 ? 'counts' : 'count'} too${waiting ? ': no further node begins until fewer are unavailable' : ''}`;
}

/** `waiting for the window saturday-night, which opens at …`; empty if it has no window. Older apis know no windows. */
export function windowLine({ window }: Pick<DrainSet, 'window'>, now: EpochMs): string {
  if (!window) return '';
  const { name, waiting, openUntil, opensAt } = window;
  if (openUntil !== null) return `${name}, open until ${openUntil} (${formatAhead(openUntil, now)})`;
  if (!waiting) return name;
  return opensAt === null
    ? `waiting for the window ${name}; when it opens is not known: rollcall maintenance window describe ${name}`
    : `waiting for the window ${name}, which opens at ${opensAt} (${formatAhead(opensAt, now)})`;
}

/** For the end of a sentence about its start: ` when the window saturday-night opens, at …`. */
export function windowWords({ window }: Pick<DrainSet, 'window'>): string {
  if (!window) return '';
  if (window.openUntil !== null) return ` within window ${window.name}`;
  return ` when the window ${window.name} opens${window.opensAt === null ? '' : `, at ${window.opensAt}`}`;
}

function sessionLines(sessions: readonly NodeSession[], indent = '  '): string[] {
  const shown = sessions.slice(0, SESSIONS_SHOWN).map((session) => {
    const state = session.state === 'RUNNING' ? '' : ` ${session.state}`;
    return `${indent}${plainText(session.id)}  ${plainText(session.principal)}${state}  ${formatRoundSpan(session.elapsedMs)}`;
  });
  return sessions.length > SESSIONS_SHOWN ? [...shown, `${indent}and ${sessions.length - SESSIONS_SHOWN} more`] : shown;
}
