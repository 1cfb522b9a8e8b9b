import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createDrain } from '../../../client/index.js';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { answerOf } from '../api/answer-of.js';
import { newKey } from '../api/idempotency-key.js';
import { useRefreshNodes } from '../api/use-decision.js';

/** Nodes that are drained a few at a time, and what is said with that. */
interface WantedDrain extends Pick<DecisionWords, 'reason' | 'deadline' | 'onDeadline'> {
  nodes: string[];
  maxUnavailable: number;
}

/** A drain of several nodes, as a process. */
export function useDrainSet() {
  const refresh = useRefreshNodes();
  // One for the dialog: what was not answered is not begun twice.
  const [key] = useState(newKey);
  return useMutation({
    mutationFn: ({ nodes, maxUnavailable, reason, deadline, onDeadline }: WantedDrain) =>
      answerOf(
        createDrain({
          headers: { 'Idempotency-Key': key },
          body: {
            nodes,
            maxUnavailable,
            ...(reason !== undefined && { reason }),
            ...(deadline !== undefined && { deadline }),
            ...(onDeadline !== undefined && { onDeadline }),
          },
        }),
      ),
    onSettled: refresh,
  });
}
