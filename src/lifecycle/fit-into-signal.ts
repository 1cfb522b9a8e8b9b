import type { CachedSession } from '../../contract/sessions.js';

/** As bytes of JSON. Temporal keeps each signal in the workflow's history, and takes 2 MiB; a thousand sessions with usual texts fit. */
export const MOST_TOLD_BYTES = 384 * 1_024;
/** How long statements and principals may be, in characters, from what all have to what a thousand of the worst fit with. */
const LENGTHS = [
  { statement: 200, principal: 256 },
  { statement: 80, principal: 128 },
  { statement: 20, principal: 64 },
  { statement: 0, principal: 16 },
] as const;

/** A node's sessions as its workflow can be told of them: as they are, where that is not too much, else with shorter texts. The records have them whole. */
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
