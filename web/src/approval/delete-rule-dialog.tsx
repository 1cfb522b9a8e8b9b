import { useQueryClient } from '@tanstack/react-query';
import { deleteApprovalRule } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { ConfirmDialog } from '../dialogs/confirm-dialog.js';
import { RULES_KEY } from './rule-queries.js';

/** Asks before a rule is deleted. */
export function DeleteRuleDialog({ name, onClosed }: { name: string; onClosed: () => void }) {
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={`Delete the rule ${name}`}
      label="Delete"
      done={`The rule ${name} is deleted.`}
      failure={`Could not delete the rule ${name}`}
      act={() => answerOf(deleteApprovalRule({ path: { name } }))}
      onSettled={() => void queryClient.invalidateQueries({ queryKey: RULES_KEY })}
      onClosed={onClosed}
    >
      It decides about no further node. Nodes that it approved or rejected stay as they are.
    </ConfirmDialog>
  );
}
