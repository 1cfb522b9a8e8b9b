import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiFailure } from './api-failure.js';

interface Creation<Body, Made> {
  send: (body: Body, headers: { 'Idempotency-Key': string }) => Promise<Made>;
  onMade: (made: Made) => void;
  /** Queries to invalidate afterwards. */
  changes: readonly (readonly string[])[];
}

/**
 * Creates something exactly once: a request whose answer was lost may have succeeded, and its answer may hold the only copy of a secret. Sending
 * the same request with the same key again repeats the answer.
 */
export function useCreation<Body, Made>({ send, onMade, changes }: Creation<Body, Made>) {
  const queryClient = useQueryClient();
  const [keyed, setKeyed] = useState({ request: '', key: '' });
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: ({ body, key }: { body: Body; key: string }) => send(body, { 'Idempotency-Key': key }),
    onSuccess: onMade,
    onError: (refusal) => {
      // A refused request created nothing, so the next one gets a new key.
      if (refusal instanceof ApiFailure && refusal.code !== 'UNREACHABLE') setKeyed({ request: '', key: '' });
    },
    onSettled: () => {
      for (const queryKey of changes) void queryClient.invalidateQueries({ queryKey });
    },
  });
  const said = error instanceof ApiFailure ? error : undefined;
  const make = (body: Body) => {
    if (isPending) return;
    const request = JSON.stringify(body);
    const key = keyed.request === request ? keyed.key : newKey();
    setKeyed({ request, key });
    mutate({ body, key });
  };
  /** The api's message about this field. */
  const saidOf = (field: string) =>
    said?.field === field || said?.field?.startsWith(`${field}.`) ? said.message : undefined;
  /** Clears the messages, since they are not about the present text. */
  const forget = () => {
    if (error !== null) reset();
  };
  return { make, forget, error, isPending, saidOf };
}

/** A new Idempotency-Key. (crypto.randomUUID exists over HTTPS only.) */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
