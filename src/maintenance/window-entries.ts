import { MOST_NAMED } from '../../contract/schemas/maintenance.js';
import { MOST_WAITING_SETS } from '../../contract/schemas/maintenance-windows.js';
import type { EpochMs } from '../../contract/states.js';
import type { SetWithin } from '../drains/drain-set-store.js';
import { openingsOf, openUntil, type MaintenanceWindow } from '../record/maintenance-window.js';
import type { MaintenanceRecord } from './maintenance-store.js';
import { waitingOf } from './window-waiters.js';

/** How far ahead openings are listed, in milliseconds; the next one is always listed. */
const AHEAD_MS = 31 * 86_400_000;

/** Present and future openings of maintenance windows, each with the sets that wait for it. */
export function windowEntries(
  windows: readonly MaintenanceWindow[],
  sets: readonly SetWithin[],
  now: EpochMs,
): MaintenanceRecord[] {
  return windows.flatMap((window) => {
    const { name, durationMs, createdBy, description } = window;
    const until = openUntil(window, now);
    const toCome = openingsOf(window, now).filter((at, index) => index === 0 || at <= now + AHEAD_MS);
    const spans = [
      ...(until === undefined ? [] : [{ at: window.opened?.at ?? now, until }]),
      ...toCome.map((at) => ({ at, until: at + durationMs })),
    ];
    const waiting = sets.filter(({ window: its }) => its === name);
    return spans.map((span, index): MaintenanceRecord => {
      const here = waiting.filter(({ notBefore = 0 }) => spans.findIndex((one) => one.until > notBefore) === index);
      return {
        ...span,
        id: `window-${name}-${span.at}`,
        state: index === 0 && until !== undefined ? 'underWay' : 'planned',
        ...{ by: createdBy, reason: description, drain: null },
        window: { name, waiting: here.slice(0, MOST_WAITING_SETS).map(waitingOf) },
        nodes: {
          count: here.reduce((sum, { queued }) => sum + queued.count, 0),
          names: here.flatMap(({ queued }) => queued.names).slice(0, MOST_NAMED),
        },
      };
    });
  });
}
