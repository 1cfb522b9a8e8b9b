const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const HOUR_MS = 3_600_000;

/** A local time for a range of the given length in milliseconds: with its date if the range is longer than some hours. */
export function momentText(ms: number, stretchMs: number): string {
  return (stretchMs > 12 * HOUR_MS || Date.now() - ms > 20 * HOUR_MS ? dayAndClock : clock).format(new Date(ms));
}
