import { ActionIcon, Menu, Text, VisuallyHidden } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { useDialogs } from './dialog-context.js';
import { useLogin } from '../sign-in/login-context.js';
import { Icon } from '../parts/icon.js';
import { lookOf, offeredActions, whyNotByState, whyNotOn } from './offered-action.js';

/** All actions on one node. Those that cannot be done now are shown with the reason. */
export function NodeActionMenu({ node }: { node: Node }) {
  const login = useLogin();
  const { openDialog } = useDialogs();
  const ofTheRole = whyNotOn([node], login);
  return (
    <Menu position="bottom-end" width={280} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${node.id}`}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ofTheRole !== undefined && <Menu.Label aria-hidden>{ofTheRole}</Menu.Label>}
        {offeredActions(node).map((action) => {
          const { label, icon, destructive, role: needed } = lookOf(action);
          const why = whyNotOn([node], login, needed) ?? whyNotByState(action, node);
          return (
            <Menu.Item
              key={`${action} ${why === undefined}`}
              ref={why === undefined ? null : markDisabled}
              leftSection={<Icon name={icon} />}
              {...(destructive && why === undefined ? { color: 'var(--page-bad)' } : {})}
              data-unavailable={why !== undefined || undefined}
              closeMenuOnClick={why === undefined}
              onClick={() => why === undefined && openDialog({ kind: action, node })}
            >
              <Text component="span" size="sm" {...(why === undefined ? {} : { c: 'dimmed' })}>
                {label}
              </Text>
              {ofTheRole !== undefined ? (
                <VisuallyHidden>{ofTheRole}</VisuallyHidden>
              ) : (
                why !== undefined && (
                  <Text size="xs" c="dimmed">
                    {why}
                  </Text>
                )
              )}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Mantine's own `disabled` makes an item unreachable by arrow keys, and with it its reason. */
function markDisabled(item: HTMLButtonElement | null): void {
  item?.setAttribute('aria-disabled', 'true');
}
