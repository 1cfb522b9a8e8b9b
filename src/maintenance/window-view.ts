import { formatDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import { windowScheduleId } from '../../contract/maintenance-window.js';
import { MOST_WAITING_SETS, type WindowView } from '../../contract/schemas/maintenance-windows.js';
import type { EpochMs } from '../../contract/states.js';
import type { SetWithin } from '../drains/drain-set-store.js';
import type { ShownTemporal } from '../drains/drain-set-view.js';
import { isScheduled, openingsOf, openUntil, type MaintenanceWindow } from '../record/maintenance-window.js';
import { waitingOf } from './window-waiters.js';

/** A window as administrators see it, by the record alone, which includes the state of its schedule. */
export function windowView(
  window: MaintenanceWindow,
  sets: readonly SetWithin[],
  { namespace, webUI }: ShownTemporal,
  now: EpochMs,
): WindowView {
  const { name, version, labels, cron, timeZone, durationMs, blackouts, description, createdAt, createdBy } = window;
  const until = openUntil(window, now);
  const id = windowScheduleId(name);
  const ui = webUI?.replace(/\/$/, '');
  return {
    ...{ name, version, labels, cron, timeZone, blackouts, description, createdBy },
    duration: formatDuration(durationMs),
    createdAt: isoTime(createdAt),
    openUntil: until === undefined ? null : isoTime(until),
    openings: openingsOf(window, now).map(isoTime),
    scheduled: isScheduled(window),
    problem: window.scheduled.problem || (isScheduled(window) ? '' : 'Temporal has not taken its schedule yet'),
    waiting: sets
      .filter(({ window: its }) => its === name)
      .slice(0, MOST_WAITING_SETS)
      .map(waitingOf),
    schedule: {
      id,
      url:
        ui === undefined
          ? null
          : `${ui}/namespaces/${encodeURIComponent(namespace)}/schedules/${encodeURIComponent(id)}`,
    },
  };
}
