import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names and values, one per line; on narrow screens one under the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes['facts']}>{children}</dl>;
}

/** Text from machines is always shown as text. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
