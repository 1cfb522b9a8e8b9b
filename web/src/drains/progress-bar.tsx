import { plural } from '../parts/size-text.js';
import classes from './progress-bar.module.css';
import type { NodeSet } from './set-kind.js';
import { progressOf } from './set-progress.js';

/** Progress of a set: a bar with figures. */
export function ProgressBar({ set }: { set: Pick<NodeSet, 'counts'> }) {
  const { total, well, otherwise, underWay } = progressOf(set);
  const share = (count: number) => ({ width: `${total === 0 ? 0 : (100 * count) / total}%` });
  const text = `${well + otherwise} of ${plural(total, 'node')}`;
  return (
    <span className={`${classes['progress']} live`}>
      <span
        className={classes['track']}
        role="progressbar"
        aria-label="Finished nodes"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={well + otherwise}
        aria-valuetext={text}
      >
        <span data-part="well" style={share(well)} />
        <span data-part="otherwise" style={share(otherwise)} />
        <span data-part="underWay" style={share(underWay)} />
      </span>
      <span className="numeric">{text}</span>
    </span>
  );
}
