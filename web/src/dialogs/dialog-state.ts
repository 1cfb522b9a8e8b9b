/** What every dialog is given: whether it is open (it leaves slowly), and how to leave. */
export interface DialogState {
  opened: boolean;
  close: () => void;
  /** When it is out of sight. */
  onClosed: () => void;
}
