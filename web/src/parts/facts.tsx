import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** Names and what they are, one a line; where it is narrow, one under the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes['facts']}>{children}</dl>;
}

/** Whatever a machine reports is text here. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
