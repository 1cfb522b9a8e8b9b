import { InvalidArgumentError } from '@commander-js/extra-typings';
import { parseDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import type { EpochMs } from '../../contract/states.js';

/** How {@link timeAhead} is written. */
export const TIME_AHEAD = '2027-01-31T22:00Z, 2027-01-31T22:00+01:00, "2027-01-31 22:00 Europe/Berlin", or 2h';

/** A time, or a duration after another time, in milliseconds. */
export type TimeAhead = { at: EpochMs } | { afterMs: number };

const WRITTEN =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?(?:\[| ?)([A-Za-z][\w+-]*(?:\/[\w+-]+)*)?\]?$/;

/** A time in the future. A local time needs a time zone: being asked for one is better than a maintenance that begins an hour late. */
export function timeAhead(text: string): TimeAhead {
  const afterMs = parseDuration(text);
  if (afterMs !== undefined) return { afterMs };
  const [, day, time, offset, zone] = WRITTEN.exec(text) ?? [];
  if (day === undefined || time === undefined || (offset !== undefined && zone !== undefined)) throw unreadable();
  if (offset === undefined && zone === undefined)
    throw new InvalidArgumentError(`It lacks its time zone. Write it as ${TIME_AHEAD}.`);
  const shown = `${day}T${time.length === 5 ? `${time}:00` : time}`;
  const wall = Date.parse(`${shown}Z`);
  // Date.parse turns 31 February into 3 March.
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 19) !== shown) throw unreadable();
  return { at: zone === undefined ? Date.parse(`${shown}${offset}`) : inZone(wall, shown, zone) };
}

/** The form that the api accepts. @param after the time that a duration is added to */
export function timeOf(when: TimeAhead, after: EpochMs): string {
  return isoTime('at' in when ? when.at : after + when.afterMs);
}

/** The earliest time at which clocks of this zone show this local time. */
function inZone(wall: EpochMs, shown: string, zone: string): EpochMs {
  const clock = clockOf(zone);
  // Offsets from UTC are less than a day, and change by at most some hours within it.
  const offsets = [wall - DAY_MS, wall, wall + DAY_MS].map((near) => Date.parse(`${clock(near)}Z`) - near);
  const moments = offsets.map((offset) => wall - offset).filter((at) => clock(at) === shown);
  if (moments.length === 0) throw new InvalidArgumentError(`Clocks of ${zone} skip this time. Name another.`);
  return Math.min(...moments);
}

const DAY_MS = 86_400_000;

/** The local time of a zone at a given time: `2027-01-31T22:00:00`. */
function clockOf(zone: string): (at: EpochMs) => string {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  } catch {
    throw new InvalidArgumentError(`There is no time zone ${zone}. Write it as Europe/Berlin.`);
  }
  return (at) => format.format(Math.floor(at / 1_000) * 1_000).replace(' ', 'T');
}

function unreadable(): InvalidArgumentError {
  return new InvalidArgumentError(`Write it as ${TIME_AHEAD}.`);
}
