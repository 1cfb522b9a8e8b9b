import { Box, Group, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLostNodes } from '../api/use-lost-nodes.js';

/** Whether the viewer has navigated yet: on the first page the focus stays where browsers put it. */
let arrived = false;

interface PageHeadingProps {
  /** Also the tab's title, preceded by the number of lost nodes. */
  title: string;
  /** Shown beside the title, such as badges. */
  beside?: ReactNode;
  actions?: ReactNode;
}

/** A page's title. It gets the focus when the page is opened, so that keyboard and screen readers start there. */
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
