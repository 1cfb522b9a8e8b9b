import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { regenerateBootstrapToken, type BootstrapTokenResponse, type Node } from '../../../client/index.js';
import { whyNotByState } from '../actions/offered-action.js';
import { answerOf } from '../api/answer-of.js';
import { sentenceOf } from '../api/api-failure.js';
import { newKey } from '../api/use-creation.js';
import { nodeQuery } from '../api/node-queries.js';
import { useRefreshNodes } from '../api/use-decision.js';
import { ActionButton } from '../parts/action-button.js';
import { Notice } from '../parts/notice.js';
import { plural } from '../parts/size-text.js';
import { DialogFrame, type DialogState } from './dialog-frame.js';
import { ExpiryField, usualExpiry, wrongExpiry } from './expiry-field.js';
import { NameConfirmation } from './name-confirmation.js';
import { NodeArrival } from './node-arrival.js';
import { Rejoining, useRejoined } from './rejoining.js';
import { bootstrapSecret } from './shown-secret.js';
import { TokenDialogFrame } from './token-dialog-frame.js';
import { ChangedNotice } from './changed-notice.js';
import { useAgreedNode } from './use-agreed-node.js';

/** Creates a new token for a node whose credential is lost or compromised. */
export function RegenerateTokenDialog({ state, node }: { state: DialogState; node: Node }) {
  const [token, setToken] = useState<BootstrapTokenResponse | null>(null);
  if (!token) return <AskFirst state={state} node={node} onToken={setToken} />;
  return node.joinedAt === null ? (
    <SlotToken state={state} node={node} token={token} />
  ) : (
    <NewToken state={state} node={node} token={token} />
  );
}

/** For a node that has never joined: it arrives like any new one. */
function SlotToken({ state, node: opened, token }: { state: DialogState; node: Node; token: BootstrapTokenResponse }) {
  const { data } = useQuery({ ...nodeQuery(opened.id), refetchInterval: 1_500 });
  const node = data?.uid === opened.uid ? data : opened;
  return (
    <TokenDialogFrame
      state={state}
      title={`New token for ${node.id}`}
      token={bootstrapSecret(token)}
      used={node.joinedAt !== null}
    >
      <NodeArrival node={node} />
    </TokenDialogFrame>
  );
}

function NewToken({ state, node, token }: { state: DialogState; node: Node; token: BootstrapTokenResponse }) {
  const rejoinedAt = useRejoined(node.id);
  return (
    <TokenDialogFrame
      state={state}
      title={`New token for ${node.id}`}
      token={bootstrapSecret(token)}
      used={rejoinedAt !== undefined}
    >
      <Rejoining id={node.id} rejoinedAt={rejoinedAt} />
    </TokenDialogFrame>
  );
}

function AskFirst({
  state,
  node: opened,
  onToken,
}: {
  state: DialogState;
  node: Node;
  onToken: (token: BootstrapTokenResponse) => void;
}) {
  const [expiresIn, setExpiresIn] = useState(usualExpiry('bootstrapToken'));
  const [typed, setTyped] = useState('');
  // If an answer is lost, repeating the request repeats it.
  const [key] = useState(newKey);
  const refresh = useRefreshNodes();
  const regenerate = useMutation({
    mutationFn: () =>
      answerOf(
        regenerateBootstrapToken({
          path: { id: opened.id },
          body: { expiresIn },
          headers: { 'Idempotency-Key': `${key}-${expiresIn}` },
        }),
      ),
    onSuccess: onToken,
    onSettled: refresh,
  });
  const { node, gone, before, notAgreed, agree } = useAgreedNode(opened, regenerate.isPending || regenerate.isSuccess);
  const badExpiry = wrongExpiry('bootstrapToken', expiresIn);
  const whyNot =
    gone ??
    whyNotByState('regenerate', node) ??
    notAgreed ??
    badExpiry ??
    (typed === opened.id ? undefined : `Type ${opened.id} to confirm.`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whyNot === undefined && !regenerate.isPending) regenerate.mutate();
  };
  const joined = node.joinedAt !== null;
  return (
    <DialogFrame state={state} title={`Regenerate the token of ${opened.id}`}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="sm">What stops working at once:</Text>
          <List size="sm" spacing={4}>
            <List.Item>the previous bootstrap token, if it is still unused;</List.Item>
            {joined && (
              <List.Item>
                the node's credential: its agent is refused until the new token is installed there
                {node.activeSessions > 0 &&
                  `. It runs ${plural(node.activeSessions, 'session')}; they cannot be followed meanwhile, and are given up as lost after the timeouts`}
                .
              </List.Item>
            )}
          </List>
          <Text size="sm">
            Other nodes are not affected. The node keeps its name, its labels and all decisions about it.
          </Text>
          <ExpiryField of="bootstrapToken" value={expiresIn} onChange={setExpiresIn} error={badExpiry} />
          <NameConfirmation name={opened.id} value={typed} onChange={setTyped} />
          {gone !== undefined && (
            <Notice kind="warn" role="status" title="No longer possible">
              {gone}
            </Notice>
          )}
          {before !== undefined && (
            <ChangedNotice
              before={before}
              node={node}
              onAgree={() => {
                agree();
                setTyped('');
              }}
            />
          )}
          {regenerate.error && (
            <Notice kind="bad" role="alert" title={`Could not regenerate the token of ${opened.id}`}>
              {sentenceOf(regenerate.error)}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={state.close}>
              Cancel
            </Button>
            <ActionButton
              type="submit"
              color="red"
              loading={regenerate.isPending}
              whyNot={whyNot}
              onClick={() => undefined}
            >
              Regenerate token
            </ActionButton>
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  );
}
