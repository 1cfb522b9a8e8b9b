import { ProblemError } from '../http/problem-error.js';
import type { SessionRecord } from './session-record.js';

export function sessionNotFound(id: string): ProblemError {
  return new ProblemError({
    code: 'SESSION_NOT_FOUND',
    detail: `there is no session ${id}`,
    hint: 'See: rollcall session list',
  });
}

export function sessionEnded({ id, state, reason }: SessionRecord): ProblemError {
  return new ProblemError({
    code: 'SESSION_ENDED',
    detail: `session ${id} has ended: ${state}${reason === '' ? '' : `, ${reason}`}`,
    hint: `See: rollcall session describe ${id}`,
  });
}

export function sessionBeingPlaced({ id }: SessionRecord): ProblemError {
  return new ProblemError({
    code: 'SESSION_BEING_PLACED',
    detail: `session ${id} is being placed: no node has it yet`,
    hint: 'Try again in a moment',
  });
}

/** Several live sessions share the id, since engines choose ids freely. */
export function sessionAmbiguous(id: string, records: readonly SessionRecord[]): ProblemError {
  const nodes = records.flatMap(({ node }) => (node ? [node.name] : []));
  const shown = `${nodes.slice(0, 10).join(', ')}${nodes.length > 10 ? ` and ${nodes.length - 10} more` : ''}`;
  return new ProblemError({
    code: 'SESSION_AMBIGUOUS',
    detail: `nodes ${shown} each have a session ${id}`,
    hint: 'Name the node: rollcall session terminate <id> --node <node>',
  });
}
