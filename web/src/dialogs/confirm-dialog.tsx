import { Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { announce } from '../parts/toasts.js';
import { DialogFrame } from './dialog-frame.js';
import { FormEnd } from './form-end.js';

interface ConfirmDialogProps {
  title: string;
  /** The consequence. */
  children: ReactNode;
  /** `Cancel the drain` */
  label: string;
  /** Shown when it is done: `Drain x is being cancelled.` */
  done: string;
  /** `Could not cancel drain x` */
  failure: string;
  act: () => Promise<unknown>;
  /** Called afterwards, whatever the outcome. */
  onSettled: () => void;
  onClosed: () => void;
}

/** Asks before something that cannot be undone, does it, and shows the outcome. */
export function ConfirmDialog({ title, children, label, done, failure, act, onSettled, onClosed }: ConfirmDialogProps) {
  const [opened, setOpened] = useState(true);
  const close = () => setOpened(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: act,
    onSuccess: () => {
      announce({ kind: 'success', text: done });
      close();
    },
    onSettled,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) mutate();
  };
  return (
    <DialogFrame state={{ opened, close, onClosed }} title={title}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          <FormEnd label={label} failure={failure} error={error} isPending={isPending} onCancel={close} destructive />
        </Stack>
      </form>
    </DialogFrame>
  );
}
