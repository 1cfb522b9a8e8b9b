import type { Fitness } from '../../contract/fitness.js';
import { CONDITION_BYTES } from '../../contract/fitness.js';
import { plainText } from '../../contract/plain-text.js';

/** What one run of a check says. */
export interface CheckResult {
  status: Fitness;
  /** In one word, for programs. */
  reason: string;
  /** For people. */
  message: string;
}

/** One run of a check; it says UNKNOWN, with the reason, where this machine lacks what it looks at. */
export type RunCheck = (stop: AbortSignal) => Promise<CheckResult>;

export const fit = (message: string): CheckResult => ({ status: 'FIT', reason: 'Passed', message });
export const unfit = (reason: string, message: string): CheckResult => ({ status: 'UNFIT', reason, message });
export const unknown = (reason: string, message: string): CheckResult => ({ status: 'UNKNOWN', reason, message });

/** Text of whatever origin as a condition may have it: one line, nothing unseen, at most so many bytes. */
export function conditionText(text: string, of: keyof typeof CONDITION_BYTES): string {
  const most = CONDITION_BYTES[of];
  // A character has a byte at least.
  const line = plainText(text.slice(0, 4 * most));
  let kept = line.slice(0, most);
  while (Buffer.byteLength(kept) > most) kept = kept.slice(0, -1);
  // The end may be half a character.
  return kept.replace(/[\ud800-\udbff]$/, '').trimEnd();
}
