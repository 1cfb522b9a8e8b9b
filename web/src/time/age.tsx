import { ageText, exactTime, stretchText } from './time-text.js';
import { useNow } from './use-now.js';

/** `12 s ago`, counting by itself; the exact time on hover. */
export function Age({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {ageText(now - Date.parse(at))}
    </time>
  );
}

/** Elapsed time, `4 min 10 s`, counting by itself. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow();
  return (
    <time dateTime={since} title={`since ${exactTime(since)}`}>
      {stretchText(now - Date.parse(since))}
    </time>
  );
}

/** Time left, counting down; `over` once it has passed. */
export function Countdown({ until, over }: { until: string; over: string }) {
  const now = useNow();
  const left = Date.parse(until) - now;
  return (
    <time dateTime={until} title={exactTime(until)}>
      {left > 0 ? stretchText(left) : over}
    </time>
  );
}

/** A time in the viewer's zone. */
export function ExactTime({ at }: { at: string }) {
  return <time dateTime={at}>{exactTime(at)}</time>;
}
