import { Button, Group, Text } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import type { AdminAction } from '../../../contract/node-actions.js';
import { BULK_ACTIONS, lookOf, whyNotByRole, whyNotByState } from '../actions/offered-action.js';
import { useDialogs } from '../actions/dialog-context.js';
import { ActionButton } from '../parts/action-button.js';
import { countText, plural } from '../parts/size-text.js';
import { useLogin } from '../sign-in/login-context.js';
import classes from './selection-bar.module.css';
import type { Selection } from './use-selection.js';

/** What can be done to the selected nodes. */
export function SelectionBar({ selection, seen }: { selection: Selection; seen: readonly Node[] }) {
  const { role } = useLogin();
  const { openDialog } = useDialogs();
  const nodes = [...selection.nodes.values()];
  if (nodes.length === 0) return null;
  const inSight = new Set(seen.map(({ uid }) => uid));
  const unseen = nodes.filter(({ uid }) => !inSight.has(uid));
  const whyNot = (action: AdminAction) =>
    whyNotByRole(role, lookOf(action).role) ??
    (nodes.every((node) => whyNotByState(action, node) !== undefined)
      ? `None of the selected nodes takes it: ${whyNotByState(action, nodes[0] as (typeof nodes)[number]) ?? ''}`
      : undefined);
  return (
    <Group role="toolbar" aria-label="Selected nodes" className={classes['bar'] ?? ''} gap="xs" mb="sm">
      <Text size="sm" fw={600} aria-live="polite">
        {plural(nodes.length, 'node')} selected
        {unseen.length > 0 && `, ${countText(unseen.length)} of them not on this page`}
      </Text>
      {unseen.length > 0 && (
        <Button size="xs" variant="subtle" onClick={() => selection.toggleAll(unseen, false)}>
          {`Drop the ${countText(unseen.length)} out of sight`}
        </Button>
      )}
      {BULK_ACTIONS.map((action) => (
        <ActionButton
          key={action}
          size="xs"
          variant="default"
          whyNot={whyNot(action)}
          onClick={() => openDialog({ kind: 'bulk', action, nodes, unseen: unseen.length, onDone: selection.clear })}
        >
          {lookOf(action).label}
        </ActionButton>
      ))}
      <Button size="xs" variant="subtle" onClick={selection.clear}>
        Clear selection
      </Button>
    </Group>
  );
}
