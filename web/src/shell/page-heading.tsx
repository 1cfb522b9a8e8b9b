import { Box, Group, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLostNodes } from '../api/use-lost-nodes.js';

/** Whether the viewer has gone from one page to another yet: at the first one the focus stays where browsers put it. */
let arrived = false;

interface PageHeadingProps {
  /** Also the tab's title, after how many nodes are lost. */
  title: string;
  /** What is said beside the title: badges, say. */
  beside?: ReactNode;
  actions?: ReactNode;
}

/** A page's title. It takes the focus when its page is gone to, so that the keyboard and screen readers begin there. */
export function PageHeading({ title, beside, actions }: PageHeadingProps) {
  const lost = useLostNodes();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (arrived) heading.current?.focus();
    arrived = true;
  }, []);
  return (
    <Group justify="space-between" gap="sm" mb="md">
      <title>{`${lost > 0 ? `(${lost} lost) ` : ''}${title} · Rollcall`}</title>
      <Group gap="sm" miw={0}>
        <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: 'none', overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {beside !== undefined && <Box>{beside}</Box>}
      </Group>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
