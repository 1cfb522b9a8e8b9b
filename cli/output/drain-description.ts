import type { AgentUpdate, DrainSet } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge, formatAhead } from './age.js';
import { othersLine, tally, windowLine } from './drain-lines.js';
import type { DescriptionOptions } from './node-description.js';
import { plainLines, plainText } from '../../contract/plain-text.js';
import { fieldLines, section } from './sections.js';
import { tableLines, type Column } from './table.js';

type Member = NonNullable<DrainSet['nodes']>[number];

/** Everything about one drain or agent update, for people. */
export function describeDrain(
  set: DrainSet | AgentUpdate,
  { now, colours }: DescriptionOptions,
  what = 'Drain',
): string {
  const { ruling, deadline, onDeadline, workflow } = set;
  const lines = [
    ...fieldLines([
      [what, set.id],
      ['State', ruling.applied ? set.state : `${set.state} (its workflow does not know yet)`],
      ...('version' in set ? aboutUpdate(set) : []),
      ['Labels', set.labels.map(plainText).join(',')],
      ['Reason', plainLines(set.reason)],
      ['Begun', `${moment(set.at, now)}, by ${plainText(set.by)}`],
      ['Decided', ruling.at === set.at ? '' : `${moment(ruling.at, now)}, by ${plainText(ruling.by)}`],
      ['Ended', set.endedAt === null ? '' : moment(set.endedAt, now)],
      ['At once', `at most ${set.maxUnavailable} unavailable`],
      ['Others', othersLine(set)],
      [
        'Deadline',
        deadline === null
          ? 'none: each node may take as long as its sessions run'
          : `${deadline} for each node, then ${onDeadline === 'terminate' ? 'its sessions are terminated' : 'it goes on waiting'}`,
      ],
      ['Begins', ahead(set.beginsAt, now)],
      ['Window', windowLine(set, now)],
      ['Back', set.until ? `${set.until}, by themselves` : ''],
      ['Nodes', tally(set)],
      ['Workflow', workflow.url ? `${workflow.id}  ${plainText(workflow.url)}` : workflow.id],
    ]),
    ...section(
      'Nodes',
      set.nodes ? tableLines(memberColumns(now), set.nodes, { headers: true, colours }) : [],
      colours,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function aboutUpdate({ version, downgrade, maxFailures, timeout }: AgentUpdate): [string, string][] {
  return [
    ['Version', downgrade ? `${version}, of later ones too` : version],
    ['Held', `by ${maxFailures === 1 ? 'the first failure' : `${maxFailures} failures`}`],
    ['Timeout', `${timeout} for each node, once it is drained`],
  ];
}

function memberColumns(now: EpochMs): readonly Column<Member>[] {
  return [
    { header: 'NODE', cell: ({ id }) => id },
    { header: 'STATE', cell: ({ state }) => state },
    { header: 'SINCE', cell: ({ since }) => formatAge(since, now) },
    { header: 'REASON', cell: ({ reason }) => reason || '-' },
  ];
}

/** A time, and how far ahead it is. Older apis do not report it. */
function ahead(timestamp: string | null | undefined, now: EpochMs): string {
  if (!timestamp) return '';
  return Date.parse(timestamp) > now ? `${timestamp} (${formatAhead(timestamp, now)})` : timestamp;
}

function moment(timestamp: string, now: EpochMs): string {
  return `${timestamp} (${formatAge(timestamp, now)} ago)`;
}
