import type { Measure } from '../../../contract/measures.js';
import { percentText } from './size-text.js';
import classes from './usage-bar.module.css';

interface UsageBarProps {
  /** Label for screen readers: `CPU of node-1`. */
  label: string;
  /** From 0 to 1. */
  fraction: number;
  /** Full text on hover: `3.2 of 8 cores`. */
  title: string;
  /** An old value of a node that is no longer heard. */
  old?: boolean;
  /** Shares from which on it is a warning, and an emergency; absent if no value is a problem. */
  warns?: Measure['warns'] | undefined;
}

/** A share of use: a bar with its figure. */
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
