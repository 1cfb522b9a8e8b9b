import { ActionIcon, Menu, Text } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { useDialogs } from '../dialogs/dialog-context.js';
import { useLogin } from '../sign-in/login-context.js';
import { Icon } from '../parts/icon.js';
import { ACTION_LOOKS, NODE_ACTIONS, whyDisabled } from './node-action.js';

/** Every action on one node, none hidden: what cannot be done now says why, in the menu itself. */
export function NodeActionMenu({ node }: { node: Node }) {
  const { role } = useLogin();
  const { openDialog } = useDialogs();
  return (
    <Menu position="bottom-end" width={280} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${node.id}`}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {NODE_ACTIONS.map((action) => {
          const { label, icon, destructive } = ACTION_LOOKS[action];
          const why = whyDisabled(action, node, role);
          return (
            <Menu.Item
              key={action}
              leftSection={<Icon name={icon} />}
              {...(destructive && why === undefined ? { color: 'var(--page-bad)' } : {})}
              aria-disabled={why !== undefined}
              data-unavailable={why !== undefined || undefined}
              closeMenuOnClick={why === undefined}
              onClick={() => why === undefined && openDialog({ kind: action, node })}
            >
              <Text component="span" size="sm" {...(why === undefined ? {} : { c: 'dimmed' })}>
                {label}
              </Text>
              {why !== undefined && (
                <Text size="xs" c="dimmed">
                  {why}
                </Text>
              )}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
