import { EXIT_CODE } from '../process/cli-failure.js';

/** Examples of a command, for its help and its manual page. */
export const EXAMPLES: readonly string[] = [
  'rollcall node list -o wide',
  'rollcall node approve node-4',
  'rollcall node reject node-4 -m "Unauthorized node"',
  'rollcall node deactivate node-2 --deadline 15m --on-deadline terminate --monitor',
  'rollcall node deactivate --filter-labels pool=a --max-unavailable 1',
  'rollcall session open --principal ana "select 42"',
];

/** Meaning of exit codes. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = Object.entries(EXIT_CODE).map(
  ([name, code]) => [code, name.replace('notFound', 'not found')],
);
