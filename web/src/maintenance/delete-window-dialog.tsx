import { useQueryClient } from '@tanstack/react-query';
import { deleteMaintenanceWindow } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { MAINTENANCE_KEY } from '../api/event-keys.js';
import { ConfirmDialog } from '../dialogs/confirm-dialog.js';

/** Asks before a window is deleted. */
export function DeleteWindowDialog({ name, onClosed }: { name: string; onClosed: () => void }) {
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={`Delete the window ${name}`}
      label="Delete"
      done={`Deleted the window ${name}.`}
      failure={`Could not delete the window ${name}`}
      act={() => answerOf(deleteMaintenanceWindow({ path: { name } }))}
      onSettled={() => void queryClient.invalidateQueries({ queryKey: MAINTENANCE_KEY })}
      onClosed={onClosed}
    >
      It will not open again. It cannot be deleted while drains or agent updates use it.
    </ConfirmDialog>
  );
}
