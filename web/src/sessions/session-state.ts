import { ENDED_SESSION_STATES, type SessionState } from '../../../contract/sessions.js';

/** Whether it may still change by itself. */
export function mayChange(state: SessionState): boolean {
  return !(ENDED_SESSION_STATES as readonly SessionState[]).includes(state);
}

/** Why a session cannot be terminated now, as a sentence; undefined if it can. */
export function whyNotTerminable(state: SessionState): string | undefined {
  if (state === 'PLACING') return 'It is still being placed: try again in a moment.';
  if (state === 'TERMINATING') return 'It is already being terminated.';
  return mayChange(state) ? undefined : 'It has ended.';
}
