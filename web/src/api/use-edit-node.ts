import { useMutation } from '@tanstack/react-query';
import { editNode, type PatchNodeRequest } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { useRefreshNodes } from './use-decision.js';

/** Changes a node's labels or description. */
export function useEditNode(id: string) {
  const refresh = useRefreshNodes();
  return useMutation({
    mutationFn: (change: PatchNodeRequest) => answerOf(editNode({ path: { id }, body: change })),
    onSettled: refresh,
  });
}
