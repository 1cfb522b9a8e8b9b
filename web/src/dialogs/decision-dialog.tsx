import { Button, Group, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Node } from '../../../client/index.js';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { nodeAction, type AdminAction } from '../../../contract/node-actions.js';
import { whyNotByState } from '../actions/offered-action.js';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { useDecision } from '../api/use-decision.js';
import { ActionButton } from '../parts/action-button.js';
import { Notice } from '../parts/notice.js';
import { announce } from '../parts/toasts.js';
import { exactTime } from '../time/time-text.js';
import { consequenceOf } from './consequence-of.js';
import { DecisionFields, whyNotSayable } from './decision-fields.js';
import { DialogFrame, type DialogState } from './dialog-frame.js';
import { ChangedNotice } from './changed-notice.js';
import { NameConfirmation } from './name-confirmation.js';
import { useAgreedNode } from './use-agreed-node.js';

interface DecisionDialogProps {
  state: DialogState;
  node: Node;
  action: AdminAction;
}

/** One decision about one node: shows the consequence, takes the parameters, and reports the outcome. */
export function DecisionDialog({ state, node: opened, action }: DecisionDialogProps) {
  const { destructive, page, body } = nodeAction(action);
  const decide = useDecision(opened.id);
  const { node, gone, before, notAgreed, agree } = useAgreedNode(opened, decide.isPending || decide.isSuccess);
  const [words, setWords] = useState<DecisionWords>({});
  const [typed, setTyped] = useState('');
  const asksForName = page.asksForName?.includes(node.phase) ?? false;
  const refused = decide.isPending ? undefined : (gone ?? whyNotByState(action, node));
  const whyNot =
    refused ??
    notAgreed ??
    whyNotSayable(body, words, node) ??
    (asksForName && typed !== opened.id ? `Type ${opened.id} to confirm.` : undefined);
  const done = () =>
    words.at === undefined
      ? `Node ${opened.id} ${page.done}.`
      : `Node ${opened.id} goes out of service at ${exactTime(words.at)}.`;

  const submit = () => {
    if (whyNot !== undefined || decide.isPending) return;
    decide.mutate(
      { action, ...words, force: words.force === true && node.activeSessions > 0 },
      {
        onSuccess: ({ applied }) => {
          announce(
            applied
              ? { kind: 'success', text: done() }
              : { kind: 'information', text: `${done()} It is in force, and will be applied shortly.` },
          );
          state.close();
        },
      },
    );
  };
  return (
    <DialogFrame state={state} title={`${page.label} ${opened.id}`}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text component="div" size="sm">
            {consequenceOf(action, node)}
          </Text>
          <DecisionFields kind={body} words={words} onChange={setWords} activeSessions={node.activeSessions} />
          {asksForName && <NameConfirmation name={opened.id} value={typed} onChange={setTyped} />}
          {refused !== undefined && (
            <Notice kind="warn" role="status" title="No longer possible">
              {refused}
            </Notice>
          )}
          {refused === undefined && before !== undefined && (
            <ChangedNotice
              before={before}
              node={node}
              onAgree={() => {
                agree();
                setTyped('');
              }}
            />
          )}
          {decide.error && (
            <Notice kind="bad" role="alert" title={`Could not ${page.label.toLowerCase()} ${opened.id}`}>
              {sentenceOf(decide.error)}
              {decide.error instanceof ApiFailure &&
                decide.error.code === 'UNREACHABLE' &&
                ' It may have been carried out: check the node before you try again.'}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={state.close}>
              Cancel
            </Button>
            <ActionButton
              type="submit"
              color={destructive ? 'red' : 'blue'}
              loading={decide.isPending}
              whyNot={whyNot}
              onClick={() => undefined}
            >
              {page.label}
            </ActionButton>
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  );
}
