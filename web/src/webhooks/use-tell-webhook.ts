import { useMutation, useQueryClient } from '@tanstack/react-query';
import { replayWebhookDelivery, testWebhook } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { sentenceOf } from '../api/api-failure.js';
import { announce } from '../parts/toasts.js';
import { WEBHOOKS_KEY } from './webhook-queries.js';

/** Sends a webhook a delivery: a given one again, or a test. The outcome appears in the list. */
export function useTellWebhook(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (delivery: string | undefined) =>
      answerOf(
        delivery === undefined ? testWebhook({ path: { id } }) : replayWebhookDelivery({ path: { id, delivery } }),
      ),
    onError: (error) => announce({ kind: 'failure', text: `Not sent: ${sentenceOf(error)}` }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: WEBHOOKS_KEY }),
  });
}
