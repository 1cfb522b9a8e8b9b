import { Age } from '../time/age.js';
import { exactTime, stretchText } from '../time/time-text.js';
import { useNow } from '../time/use-now.js';

/** When a token expires: `in 3 d 4 h`, `2 h ago`, `never`. */
export function Until({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return 'never';
  const left = Date.parse(at) - now;
  if (left <= 0) return <Age at={at} />;
  return (
    <time dateTime={at} title={exactTime(at)}>
      in {stretchText(left)}
    </time>
  );
}
