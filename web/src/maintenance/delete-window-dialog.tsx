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
      done={`The window ${name} is deleted.`}
      failure={`Could not delete the window ${name}`}
      act={() => answerOf(deleteMaintenanceWindow({ path: { name } }))}
      onSettled={() => void queryClient.invalidateQueries({ queryKey: MAINTENANCE_KEY })}
      onClosed={onClosed}
    >
      It opens no more. Where drains or updates of agents run within it, it stays.
    </ConfirmDialog>
  );
}
