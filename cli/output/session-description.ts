import type { Session } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge, formatRoundSpan } from './age.js';
import type { DescriptionOptions } from './node-description.js';
import { formatLabels } from './node-columns.js';
import { plainLines, plainText } from '../../contract/plain-text.js';
import { previewLines } from './preview-table.js';
import { formatCount } from './quantity.js';
import { fieldLines, section } from './sections.js';
import { formatResources } from './session-resources.js';

/** Everything about one session, for people. */
export function describeSession(session: Session, { now, colours }: DescriptionOptions): string {
  const { preview, sql, termination } = session;
  const lines = [
    ...fieldLines([
      ['Session', session.id],
      ['State', session.state],
      ['Reason', plainLines(session.reason)],
      ['Node', session.node ?? (session.state === 'PLACING' ? 'none yet' : 'none')],
      ['Principal', plainText(session.principal)],
      ['Kind', session.kind === 'managed' ? 'managed' : 'external: another engine of the node runs it'],
      ['Elapsed', formatRoundSpan(session.elapsedMs)],
      ['Reserves', formatResources(session.resources)],
      ['Labels', formatLabels(session.labels)],
      ['Opened', `${moment(session.openedAt, now)}, by ${plainText(session.openedBy)}`],
      ['Started', session.startedAt === null ? '' : moment(session.startedAt, now)],
      ['Ended', session.endedAt === null ? '' : moment(session.endedAt, now)],
      [
        'Terminated',
        termination === null
          ? ''
          : `${moment(termination.at, now)}, by ${plainText(termination.by)}${termination.reason === '' ? '' : `: ${plainText(termination.reason)}`}`,
      ],
      ['Rows', session.rows === null ? '' : String(session.rows)],
      [
        'Result',
        session.resultFile === null ? '' : `${plainText(session.resultFile)} on ${session.node ?? 'its node'}`,
      ],
    ]),
    ...section('Statement', plainLines(sql ?? session.statement), colours),
    ...section(
      preview?.truncated ? `Result (the first ${formatCount(preview.rows.length, 'row')})` : 'Result',
      preview ? previewLines(preview, { headers: true, colours }) : [],
      colours,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function moment(timestamp: string, now: EpochMs): string {
  return `${timestamp} (${formatAge(timestamp, now)} ago)`;
}
