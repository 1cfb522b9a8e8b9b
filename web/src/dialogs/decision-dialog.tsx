import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Node } from '../../../client/index.js';
import { ACTION_LOOKS, whyNotByState } from '../actions/node-action.js';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { useDecision, type Decision } from '../api/use-decision.js';
import { ActionButton } from '../parts/action-button.js';
import { Notice } from '../parts/notice.js';
import { announce } from '../parts/toasts.js';
import { DialogFrame } from './dialog-frame.js';
import type { DialogState } from './dialog-state.js';
import { useCurrentNode } from './use-current-node.js';

interface DecisionDialogProps {
  state: DialogState;
  node: Node;
  title: string;
  /** What will be different once it is confirmed, in words for people. Given the node as it is now. */
  consequence: (node: Node) => ReactNode;
  /** The fields of the decision. */
  children?: ReactNode;
  decision: Decision;
  /** What the confirming button says. */
  confirm: string;
  /** Asks for the node's name before it can be confirmed. */
  askForName?: boolean;
  /** Why the fields as they are cannot be sent. */
  obstacle?: string | undefined;
  /** What is said when it is done. */
  done: string;
}

/** One decision about one node: names its consequence, takes what belongs to it, and says what became of it. */
export function DecisionDialog({
  state,
  node: opened,
  title,
  consequence,
  children,
  decision,
  confirm,
  askForName = false,
  obstacle,
  done,
}: DecisionDialogProps) {
  const { node, gone } = useCurrentNode(opened);
  const [typed, setTyped] = useState('');
  const decide = useDecision(opened.id);
  const destructive = ACTION_LOOKS[decision.action].destructive;
  const refused = decide.isPending ? undefined : (gone ?? whyNotByState(decision.action, node));
  const whyNot =
    refused ?? obstacle ?? (askForName && typed !== opened.id ? `Type ${opened.id} to confirm.` : undefined);

  const submit = () => {
    if (whyNot !== undefined || decide.isPending) return;
    decide.mutate(decision, {
      onSuccess: ({ applied }) => {
        announce(
          applied
            ? { kind: 'success', text: done }
            : { kind: 'information', text: `${done} It is in force; the node's process is still catching up.` },
        );
        state.close();
      },
    });
  };
  return (
    <DialogFrame state={state} title={title}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text component="div" size="sm">
            {consequence(node)}
          </Text>
          {children}
          {askForName && (
            <TextInput
              label={`Type the node's name to confirm: ${opened.id}`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          {refused !== undefined && (
            <Notice kind="warn" role="status" title="No longer possible">
              {refused}
            </Notice>
          )}
          {decide.error && (
            <Notice kind="bad" role="alert" title="It was not done">
              {sentenceOf(decide.error)}
              {decide.error instanceof ApiFailure &&
                decide.error.code === 'UNREACHABLE' &&
                ' Whether it arrived is not known: look at the node before you try again.'}
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
              {confirm}
            </ActionButton>
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  );
}
