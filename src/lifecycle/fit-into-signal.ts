import type { CachedSession } from '../../contract/sessions.js';

/** Limit in bytes of JSON. Temporal accepts 2 MiB but keeps each signal in the history; a thousand sessions with usual texts fit. */
export const MOST_TOLD_BYTES = 384 * 1_024;
/** Maximum lengths of statements and principals, in characters, tried in turn; with the last, a thousand of the longest fit. */
const LENGTHS = [
  { statement: 200, principal: 256 },
  { statement: 80, principal: 128 },
  { statement: 20, principal: 64 },
  { statement: 0, principal: 16 },
] as const;

/** Shortens the texts of a node's sessions as far as needed for a signal. Their records keep them whole. */
export function fitIntoSignal(sessions: CachedSession[]): CachedSession[] {
  let fitting = sessions;
  for (const { statement, principal } of LENGTHS) {
    fitting = sessions.map((session) => ({
      ...session,
      statement: cut(session.statement, statement),
      principal: cut(session.principal, principal),
    }));
    if (Buffer.byteLength(JSON.stringify(fitting)) <= MOST_TOLD_BYTES) break;
  }
  return fitting;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}
