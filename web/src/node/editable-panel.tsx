import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { type Node, type PatchNodeRequest, editNode } from '../../../client/index.js';
import { whyNotOn } from '../actions/offered-action.js';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { ActionButton } from '../parts/action-button.js';
import { useUnsaved } from '../loading/unsaved.js';
import { Notice } from '../parts/notice.js';
import { announce } from '../parts/toasts.js';
import { useLogin } from '../sign-in/login-context.js';
import { Panel } from '../parts/panel.js';
import { draftOf, dropDraft, keepDraft } from './drafts.js';
import { useMutation } from '@tanstack/react-query';
import { answerOf } from '../api/answer-of.js';
import { useRefreshNodes } from '../api/use-decision.js';

interface EditablePanelProps {
  node: Node;
  title: string;
  /** The edited part of the node, by its name in the api. */
  field: keyof PatchNodeRequest;
  /** The node's present value as editable text. */
  text: string;
  /** The value to send, or what is wrong with the text. */
  read: (text: string) => { change: PatchNodeRequest } | { error: string };
  /** Explains the format. */
  description: string;
  /** Read by machines: monospaced, and without spell checking. */
  exact?: boolean;
  children: ReactNode;
}

/** A part of a node that people write: shown, and edited in place, with errors beside the field. */
export function EditablePanel({
  node,
  title,
  field,
  text,
  read,
  description,
  exact = false,
  children,
}: EditablePanelProps) {
  const login = useLogin();
  const key = `${login.name} ${node.uid} ${field}`;
  const [began, setBegan] = useState<string | null>(draftOf(key)?.began ?? null);
  const editButton = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && began === null) editButton.current?.focus();
    wasEditing.current = began !== null;
  }, [began]);
  const edit = (
    <ActionButton
      ref={editButton}
      size="compact-sm"
      variant="default"
      whyNot={whyNotOn([node], login)}
      onClick={() => setBegan(text)}
      aria-label={`Edit the ${field} of ${node.id}`}
    >
      Edit
    </ActionButton>
  );
  return (
    <Panel title={title} actions={began === null && edit}>
      {began === null ? (
        children
      ) : (
        <EditForm
          node={node}
          field={field}
          began={began}
          title={title}
          text={text}
          read={read}
          description={description}
          exact={exact}
          draftKey={key}
          onDone={() => {
            dropDraft(key);
            setBegan(null);
          }}
        />
      )}
    </Panel>
  );
}

type EditFormProps = Pick<
  EditablePanelProps,
  'node' | 'title' | 'field' | 'text' | 'read' | 'description' | 'exact'
> & {
  /** The value when the editing began. */
  began: string;
  draftKey: string;
  onDone: () => void;
};

function EditForm({
  node,
  title,
  field,
  began,
  draftKey,
  text,
  read,
  description,
  exact = false,
  onDone,
}: EditFormProps) {
  const [typed, setTyped] = useState(draftOf(draftKey)?.typed ?? began);
  const [tried, setTried] = useState(false);
  const edit = useEditNode(node.id);
  useUnsaved(typed !== began);
  const outcome = read(typed);
  const refusal =
    edit.error instanceof ApiFailure && edit.error.field?.split('.')[0] === field ? edit.error.message : undefined;
  const fault = 'error' in outcome && tried ? outcome.error : refusal;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ('error' in outcome || edit.isPending) return;
    if (typed === began) return onDone();
    edit.mutate(outcome.change, {
      onSuccess: () => {
        announce({ kind: 'success', text: `The ${field} of ${node.id} ${field === 'labels' ? 'are' : 'is'} saved.` });
        onDone();
      },
    });
  };
  const change = (value: string) => {
    setTyped(value);
    keepDraft(draftKey, { began, typed: value });
    if (edit.error) edit.reset();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !edit.isPending) onDone();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves from any of its fields
    <form onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <Stack gap="xs">
        <Textarea
          label={title}
          description={description}
          value={typed}
          onChange={(event) => change(event.currentTarget.value)}
          error={fault}
          autoFocus
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={!exact}
          styles={exact ? { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } : {}}
        />
        {text !== began && (
          <Notice kind="warn" role="status">
            {`The ${field} ${field === 'labels' ? 'were' : 'was'} changed by somebody else since you began: saving overwrites that change.`}
          </Notice>
        )}
        {edit.error && refusal === undefined && (
          <Notice kind="bad" role="alert" title="Not saved">
            {sentenceOf(edit.error)}
          </Notice>
        )}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={edit.isPending}>
            Save
          </Button>
          <Button size="xs" variant="default" onClick={onDone} disabled={edit.isPending}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Changes a node's labels or description. */
function useEditNode(id: string) {
  const refresh = useRefreshNodes();
  return useMutation({
    mutationFn: (change: PatchNodeRequest) => answerOf(editNode({ path: { id }, body: change })),
    onSettled: refresh,
  });
}
