import { useQueryClient } from '@tanstack/react-query';
import { deleteWebhook, type Webhook } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { ConfirmDialog } from '../dialogs/confirm-dialog.js';
import { WEBHOOKS_KEY } from './webhook-queries.js';

interface DeleteWebhookDialogProps {
  webhook: Webhook;
  onDeleted: () => void;
  onClosed: () => void;
}

/** Asks before a webhook is deleted. */
export function DeleteWebhookDialog({ webhook: { id, name }, onDeleted, onClosed }: DeleteWebhookDialogProps) {
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={`Delete the webhook ${name}`}
      label="Delete"
      done={`Deleted the webhook ${name}.`}
      failure={`Could not delete the webhook ${name}`}
      act={() => answerOf(deleteWebhook({ path: { id } })).then(onDeleted)}
      onSettled={() => void queryClient.invalidateQueries({ queryKey: WEBHOOKS_KEY })}
      onClosed={onClosed}
    >
      It receives no further alerts. Pending deliveries are dropped, and past ones are no longer listed.
    </ConfirmDialog>
  );
}
