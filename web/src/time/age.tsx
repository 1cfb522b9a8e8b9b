import { ageText, exactTime, stretchText } from './time-text.js';
import { useNow } from './use-now.js';

/** `12 s ago`, counting on by itself; the exact time on hover. */
export function Age({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {ageText(now - Date.parse(at))}
    </time>
  );
}

/** How long it has been, `4 min 10 s`, counting on by itself. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow();
  return (
    <time dateTime={since} title={`since ${exactTime(since)}`}>
      {stretchText(now - Date.parse(since))}
    </time>
  );
}

/** How long is left until a moment, counting down; `over` once it has come. */
export function Countdown({ until, over }: { until: string; over: string }) {
  const now = useNow();
  const left = Date.parse(until) - now;
  return (
    <time dateTime={until} title={exactTime(until)}>
      {left > 0 ? stretchText(left) : over}
    </time>
  );
}

/** A moment in the viewer's zone. */
export function ExactTime({ at }: { at: string }) {
  return <time dateTime={at}>{exactTime(at)}</time>;
}
