import { Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ActionButton } from '../parts/action-button.js';
import { Notice } from '../parts/notice.js';
import { DialogFrame, type DialogState } from './dialog-frame.js';
import type { ShownSecret } from './shown-secret.js';
import { TokenPanel } from './token-panel.js';

interface TokenDialogFrameProps {
  state: DialogState;
  title: string;
  token: ShownSecret;
  /** Whether the token has been used: closing then loses nothing. */
  used: boolean;
  /** Progress of the node meanwhile. */
  children?: ReactNode;
}

/** Shows a token, and closes only once the viewer has confirmed that it is copied, or it has been used. */
export function TokenDialogFrame({ state, title, token, used, children }: TokenDialogFrameProps) {
  const [copied, setCopied] = useState(false);
  const [acknowledged, setAcknowledged] = useState(false);
  const [asked, setAsked] = useState(false);
  const free = used || acknowledged;
  const close = () => (free ? state.close() : setAsked(true));
  return (
    <DialogFrame state={state} title={title} onCloseAsked={close} size="xl" unsaved={!free && !copied}>
      <Stack gap="md">
        {!used && <TokenPanel token={token} onCopied={() => setCopied(true)} />}
        {children}
        {!used && (
          <Stack gap="xs">
            {asked && !acknowledged && (
              <Notice kind="bad" role="alert" title="Have you copied the token?">
                It cannot be shown again. {token.lost}
              </Notice>
            )}
            <Checkbox
              checked={acknowledged}
              onChange={(event) => setAcknowledged(event.currentTarget.checked)}
              label="I have copied the token"
            />
          </Stack>
        )}
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed">
            {!used && copied && 'Copied. Keep it like a password.'}
          </Text>
          <Group gap="xs">
            <ActionButton
              variant="default"
              whyNot={free ? undefined : 'First confirm that you have copied the token.'}
              onClick={state.close}
            >
              Done
            </ActionButton>
          </Group>
        </Group>
      </Stack>
    </DialogFrame>
  );
}
