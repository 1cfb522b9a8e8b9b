import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

interface EmptyStateProps {
  icon: IconName;
  title: string;
  /** What it means and what to do about it. */
  children?: ReactNode;
  actions?: ReactNode;
}

/** Shown where there is nothing: says why, and what to do next. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" px="md" py={48} ta="center">
      <Text c="dimmed" component="span">
        <Icon name={icon} size={32} />
      </Text>
      <Title order={2} size="h4">
        {title}
      </Title>
      {children !== undefined && (
        <Text c="dimmed" maw={520} component="div">
          {children}
        </Text>
      )}
      {actions !== undefined && (
        <Group justify="center" mt="xs">
          {actions}
        </Group>
      )}
    </Stack>
  );
}

/** Shown in place of what this role may not see. */
export function RoleWall({ what, whyNot }: { what: string; whyNot: string }) {
  return (
    <EmptyState icon="key" title={`You may not see ${what}`}>
      {whyNot} Ask an administrator for a token with a higher role.
    </EmptyState>
  );
}
