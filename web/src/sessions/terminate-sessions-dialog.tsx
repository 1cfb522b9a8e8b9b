import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { ReasonField } from '../dialogs/reason-field.js';
import { Notice } from '../parts/notice.js';
import { plural } from '../parts/size-text.js';
import { announce } from '../parts/toasts.js';
import classes from './terminate-sessions-dialog.module.css';
import {
  sessionKey,
  useTerminateSessions,
  type TerminableSession,
  type TerminationOutcome,
} from './use-terminate-sessions.js';

interface TerminateSessionsDialogProps {
  /** As they were when the dialog was opened. */
  sessions: readonly TerminableSession[];
  /** Called when it is no longer visible. */
  onClosed: () => void;
  /** Called when all of them are told to end. */
  onDone?: () => void;
}

/** Ends one or many sessions: shows the consequence first, and failures afterwards. */
export function TerminateSessionsDialog({ sessions, onClosed, onDone }: TerminateSessionsDialogProps) {
  const [opened, setOpened] = useState(true);
  const [reason, setReason] = useState('');
  const { outcomes, running, run } = useTerminateSessions();
  const close = () => setOpened(false);
  const failed = [...outcomes.values()].filter(({ ok }) => !ok).length;
  const finished = !running && outcomes.size > 0;
  const title =
    sessions.length === 1 ? `Terminate session ${sessions[0]?.id}` : `Terminate ${plural(sessions.length, 'session')}`;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (running || finished) return;
    const refused = await run(sessions, reason);
    onDone?.();
    if (refused > 0) return;
    announce({
      kind: 'success',
      text:
        sessions.length === 1
          ? `Session ${sessions[0]?.id} is being terminated.`
          : `${plural(sessions.length, 'session')} are being terminated.`,
    });
    close();
  };
  return (
    <DialogFrame state={{ opened, close, onClosed }} title={title} onCloseAsked={() => !running && close()}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <Text size="sm">
            {sessions.length === 1
              ? 'Its node ends it at once, and its work is lost.'
              : 'Their nodes end them at once, and their work is lost.'}
          </Text>
          <ScrollArea.Autosize
            mah={240}
            type="auto"
            viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'The sessions, and the outcome for each' }}
          >
            <ul className={classes['list']}>
              {sessions.map((session) => (
                <SessionLine key={sessionKey(session)} session={session} outcome={outcomes.get(sessionKey(session))} />
              ))}
            </ul>
          </ScrollArea.Autosize>
          {!finished && (
            <ReasonField
              value={reason}
              onChange={setReason}
              description="Optional; shown with the session, and kept in the node's events."
            />
          )}
          {finished && failed > 0 && (
            <Notice kind="bad" role="alert" title="Not all of them could be terminated">
              {`${plural(failed, 'session')} could not be terminated; ${outcomes.size - failed} will end. See the list for the reasons.`}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs">
            {finished ? (
              <Button onClick={close}>Close</Button>
            ) : (
              <>
                <Button variant="default" onClick={close} disabled={running}>
                  Cancel
                </Button>
                <Button type="submit" color="red" loading={running}>
                  {sessions.length === 1 ? 'Terminate' : `Terminate ${plural(sessions.length, 'session')}`}
                </Button>
              </>
            )}
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  );
}

function SessionLine({
  session: { id, principal, statement },
  outcome,
}: {
  session: TerminableSession;
  outcome: TerminationOutcome | undefined;
}) {
  return (
    <li>
      <Text component="span" size="sm" fw={550}>
        {principal}
      </Text>{' '}
      <Text component="span" size="xs" c="dimmed">
        {id}
      </Text>
      <Text size="xs" ff="monospace" lineClamp={2}>
        {statement}
      </Text>
      {outcome && (
        <Text size="sm" className={classes['outcome'] ?? ''} data-ok={outcome.ok}>
          {outcome.ok ? 'It will end' : outcome.why}
        </Text>
      )}
    </li>
  );
}
