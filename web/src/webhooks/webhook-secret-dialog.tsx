import type { CreateWebhookResponse } from '../../../client/index.js';
import type { DialogState } from '../dialogs/dialog-frame.js';
import { TokenDialogFrame } from '../dialogs/token-dialog-frame.js';

interface WebhookSecretDialogProps {
  state: DialogState;
  made: CreateWebhookResponse;
  /** What to do if it is lost. */
  lost: string;
}

/** Shows a webhook's signing secret, once. */
export function WebhookSecretDialog({ state, made: { webhook, secret }, lost }: WebhookSecretDialogProps) {
  return (
    <TokenDialogFrame
      state={state}
      title={`Secret of ${webhook.name}`}
      used={false}
      token={{
        name: 'Signing secret',
        text: secret ?? '',
        works: 'It signs deliveries',
        expiresAt: null,
        whoever: 'Receivers verify signatures according to Standard Webhooks.',
        lost,
        install: null,
      }}
    />
  );
}
