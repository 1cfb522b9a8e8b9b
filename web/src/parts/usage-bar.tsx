import type { Measure } from '../../../contract/measures.js';
import { percentText } from './size-text.js';
import classes from './usage-bar.module.css';

interface UsageBarProps {
  /** What is used, for screen readers: `CPU of node-1`. */
  label: string;
  /** From 0 to 1. */
  fraction: number;
  /** In full, on hover: `3.2 of 8 cores`. */
  title: string;
  /** Not measured any more: the last that was heard. */
  old?: boolean;
  /** From where on it is a worry, and an emergency; absent: however much it is, nothing follows from it. */
  warns?: Measure['warns'] | undefined;
}

/** How much of something is used: a bar, and the figure beside it. */
export function UsageBar({ label, fraction, title, old = false, warns }: UsageBarProps) {
  const share = Math.min(1, Math.max(0, fraction));
  const percent = Math.round(share * 100);
  return (
    <span className={`${classes['usage']} live`} title={title} data-old={old || undefined}>
      <span
        className={classes['track']}
        role="meter"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={title}
      >
        <span
          className={classes['fill']}
          style={{ width: `${percent}%` }}
          data-level={warns && share >= warns.full ? 'full' : warns && share >= warns.high ? 'high' : 'fine'}
        />
      </span>
      <span className={`${classes['figure']} numeric`} aria-hidden>
        {percentText(share)}
      </span>
    </span>
  );
}
