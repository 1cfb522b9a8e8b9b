import type { MaintenanceWindow } from '../../client/types.gen.js';
import { plainLines, plainText } from '../../contract/plain-text.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAhead } from './age.js';
import { fieldLines } from './sections.js';

const OPENINGS_SHOWN = 5;

/** Everything about one maintenance window, for people. */
export function describeWindow(window: MaintenanceWindow, now: EpochMs): string {
  const { name, cron, timeZone, duration, labels, blackouts, description, createdAt, createdBy } = window;
  const { openUntil, openings, problem, waiting, schedule, version } = window;
  const ahead = (at: string) => `${at} (${formatAhead(at, now)})`;
  const lines = fieldLines([
    ['Window', name],
    ['Description', plainLines(description)],
    ['Opens', `${plainText(cron)}, by clocks of ${plainText(timeZone)}, for ${duration}`],
    ['Not on', blackouts.map(plainText).join(', ')],
    ['Nodes', labels.length === 0 ? 'all' : `those with ${labels.map(plainText).join(',')}`],
    ['Open', openUntil === null ? '' : `until ${ahead(openUntil)}`],
    ['Next', openings.slice(0, OPENINGS_SHOWN).map(ahead).join(', ') || 'not known'],
    ['Problem', plainLines(problem)],
    ['Within it', waiting.map(({ id, kind }) => `${kind === 'drain' ? 'drain' : 'agent update'} ${id}`).join(', ')],
    ['Created', `${createdAt} by ${plainText(createdBy)}`],
    ['Version', String(version)],
    ['Schedule', schedule.url ? `${schedule.id}  ${plainText(schedule.url)}` : schedule.id],
  ]);
  return `${lines.join('\n')}\n`;
}
