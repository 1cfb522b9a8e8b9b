import classes from './label-list.module.css';

interface LabelListProps {
  labels: Readonly<Record<string, string>>;
  /** How many are shown before the rest is counted; all if absent. */
  most?: number;
}

/** Labels, always as text. */
export function LabelList({ labels, most = Number.POSITIVE_INFINITY }: LabelListProps) {
  const all = Object.entries(labels).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  if (all.length === 0) return <span className={classes['none']}>none</span>;
  const rest = all.slice(most);
  return (
    <span className={classes['labels']} data-whole={most === Number.POSITIVE_INFINITY || undefined}>
      {all.slice(0, most).map((label) => (
        <span key={label} className={classes['label']} title={label}>
          {label}
        </span>
      ))}
      {rest.length > 0 && (
        <span className={classes['more']} title={rest.join('\n')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
