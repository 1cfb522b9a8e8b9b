import type { Fitness } from '../../contract/fitness.js';
import { CONDITION_BYTES } from '../../contract/fitness.js';
import { plainText } from '../../contract/plain-text.js';

/** Result of one run of a check. */
export interface CheckResult {
  status: Fitness;
  /** One word for programs. */
  reason: string;
  /** For people. */
  message: string;
}

/** Runs a check once. The result is UNKNOWN, with a reason, if this machine lacks what the check looks at. */
export type RunCheck = (stop: AbortSignal) => Promise<CheckResult>;

export const fit = (message: string): CheckResult => ({ status: 'FIT', reason: 'Passed', message });
export const unfit = (reason: string, message: string): CheckResult => ({ status: 'UNFIT', reason, message });
export const unknown = (reason: string, message: string): CheckResult => ({ status: 'UNKNOWN', reason, message });

/** Makes any text fit for a condition: one line, no invisible characters, at most this many bytes. */
export function conditionText(text: string, of: keyof typeof CONDITION_BYTES): string {
  const most = CONDITION_BYTES[of];
  // A character takes at least one byte.
  const line = plainText(text.slice(0, 4 * most));
  let kept = line.slice(0, most);
  while (Buffer.byteLength(kept) > most) kept = kept.slice(0, -1);
  // The cut may have split a character.
  return kept.replace(/[\ud800-\udbff]$/, '').trimEnd();
}
