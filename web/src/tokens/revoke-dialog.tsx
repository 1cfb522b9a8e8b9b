import { useQueryClient } from '@tanstack/react-query';
import { revokeApiToken, revokeJoinToken, type ApiToken, type JoinToken } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { ConfirmDialog } from '../dialogs/confirm-dialog.js';
import { joinTokenName } from './join-token-path.js';
import { TOKENS_KEY } from './token-queries.js';

type RevokeDialogProps = { onClosed: () => void } & (
  | { kind: 'join'; token: JoinToken }
  | { kind: 'api'; token: ApiToken }
);

/** Asks before a token is revoked. */
export function RevokeDialog(props: RevokeDialogProps) {
  const queryClient = useQueryClient();
  const { kind, token } = props;
  const name = props.kind === 'join' ? joinTokenName(props.token) : props.token.name;
  return (
    <ConfirmDialog
      title={`Revoke the ${kind === 'join' ? 'join' : 'API'} token ${name}`}
      label="Revoke"
      done={`Revoked the token ${name}.`}
      failure={`Could not revoke the token ${name}`}
      act={() => answerOf((kind === 'join' ? revokeJoinToken : revokeApiToken)({ path: { id: token.id } }))}
      onSettled={() => void queryClient.invalidateQueries({ queryKey: TOKENS_KEY })}
      onClosed={props.onClosed}
    >
      {kind === 'join'
        ? 'It admits no further nodes. Nodes that joined with it stay.'
        : 'It stops working at once: scripts that use it are refused, and browsers that signed in with it are signed out.'}
    </ConfirmDialog>
  );
}
