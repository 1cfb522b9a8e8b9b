import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { releaseMassSilence, type MassSilence } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { sentenceOf } from '../api/api-failure.js';
import { useRefreshNodes } from '../api/use-decision.js';
import { ActionButton } from '../parts/action-button.js';
import { Notice } from '../parts/notice.js';
import { plural } from '../parts/size-text.js';
import { announce } from '../parts/toasts.js';
import { DialogFrame, type DialogState } from './dialog-frame.js';
import { ReasonField } from './reason-field.js';

/** Declares the nodes of a mass silence lost, so that they are judged like any others. */
export function ReleaseDialog({ state, silence }: { state: DialogState; silence: MassSilence }) {
  const [reason, setReason] = useState('');
  const release = useMutation({
    mutationFn: () => answerOf(releaseMassSilence({ body: { reason } })),
    onSettled: useRefreshNodes(),
  });
  const submit = () => {
    if (release.isPending) return;
    release.mutate(undefined, {
      onSuccess: () => {
        announce({ kind: 'success', text: 'Silent nodes are judged like any others again.' });
        state.close();
      },
    });
  };
  return (
    <DialogFrame state={state} title="Give the silent nodes up?">
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            {plural(silence.silent, 'node')} {silence.silent === 1 ? 'is' : 'are'} still silent. Sessions of nodes that
            are unknown will be given up as lost, and drains that wait for them go on. Nodes that are silent for longer
            than RemoveAfter will be removed for good.
          </Text>
          <ReasonField description="Optional; kept in the audit." value={reason} onChange={setReason} />
          {release.error && (
            <Notice kind="bad" role="alert" title="Could not release the mass silence">
              {sentenceOf(release.error)}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={state.close}>
              Cancel
            </Button>
            <ActionButton type="submit" color="red" loading={release.isPending} onClick={() => undefined}>
              Give them up
            </ActionButton>
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  );
}
