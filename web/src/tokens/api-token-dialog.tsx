import type { ComponentProps } from 'react';
import type { CreateApiTokenResponse } from '../../../client/index.js';
import { grantText } from '../../../contract/grants.js';
import { TokenDialogFrame } from '../dialogs/token-dialog-frame.js';

/** Shows a new api token, once. */
export function ApiTokenDialog({
  state,
  made: { apiToken, token },
}: {
  state: ComponentProps<typeof TokenDialogFrame>['state'];
  made: CreateApiTokenResponse;
}) {
  return (
    <TokenDialogFrame
      state={state}
      title={`API token of ${apiToken.name}`}
      used={false}
      token={{
        name: 'API token',
        text: token,
        works: 'It works',
        expiresAt: apiToken.expiresAt,
        whoever: `Anyone who has it acts as ${apiToken.name}, with the role ${grantText(apiToken)}.`,
        lost: 'If it is lost, revoke it and create another.',
        install: null,
      }}
    />
  );
}
