import { Group, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  title: string;
  actions?: ReactNode;
  /** Across the whole page. */
  wide?: boolean;
  children: ReactNode;
}

/** A part of a node's page, with its heading. */
export function Panel({ title, actions, wide = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes['panel']} aria-labelledby={id} data-wide={wide || undefined}>
      <Group justify="space-between" gap="xs" mb="xs" mih={30}>
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </section>
  );
}

/** Panels side by side where there is room. */
export function Panels({ children }: { children: ReactNode }) {
  return <div className={classes['panels']}>{children}</div>;
}
