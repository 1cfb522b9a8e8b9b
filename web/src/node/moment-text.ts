const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const HOUR_MS = 3_600_000;

/** A moment of a stretch of so many milliseconds, in the viewer's zone: with its day where the stretch is longer than some hours. */
export function momentText(ms: number, stretchMs: number): string {
  return (stretchMs > 12 * HOUR_MS || Date.now() - ms > 20 * HOUR_MS ? dayAndClock : clock).format(new Date(ms));
}
