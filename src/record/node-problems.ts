import { SYSTEM } from '../../contract/states.js';
import { ProblemError } from '../http/problem-error.js';
import type { NodeRecord } from './node-record.js';

export function nodeNotFound(id: string): ProblemError {
  return new ProblemError({
    code: 'NODE_NOT_FOUND',
    detail: `there is no node ${id}`,
    hint: 'See: rollcall node list',
  });
}

export function nodeNameTaken(id: string): ProblemError {
  return new ProblemError({
    code: 'NODE_NAME_TAKEN',
    detail: `a node named ${id} exists already`,
    field: 'name',
    hint: `Choose another name, or give it a new token: rollcall node token regenerate ${id}`,
  });
}

/** For the node itself: it was removed, and what it holds opens nothing any more. */
export function nodeRemoved({ name }: NodeRecord): ProblemError {
  return new ProblemError({
    code: 'NODE_REMOVED',
    detail: `node ${name} was removed from the cluster`,
    hint: 'To bring it back, register it anew with a new token',
  });
}

/** For the node itself: the original and the copy cannot be told apart. */
export function identityCopied({ name }: NodeRecord): ProblemError {
  return new ProblemError({
    code: 'NODE_IDENTITY_COPIED',
    detail: `more than one machine uses the identity of node ${name}`,
    hint: `Give it a new token: rollcall node token regenerate ${name}`,
  });
}

/** For the node itself: what nobody has approved yet says that it is there, and what it is, and nothing else. */
export function nodeAwaitsApproval({ name }: NodeRecord, detail = 'it has no sessions until then'): ProblemError {
  return new ProblemError({
    code: 'NODE_AWAITS_APPROVAL',
    detail: `node ${name} awaits approval: ${detail}`,
    hint: `An administrator lets it in: rollcall node approve ${name}`,
  });
}

/** For the node itself: the administrator's own words, where there are any. Rules speak for themselves. */
export function nodeRejected({ name, decision }: NodeRecord): ProblemError {
  const { by, reason } = decision.approval;
  return new ProblemError({
    code: 'NODE_REJECTED_BY_ADMINISTRATOR',
    detail:
      by === SYSTEM
        ? `node ${name} was ${reason}`
        : `node ${name} was rejected by an administrator${reason === '' ? '' : `: ${reason}`}`,
    hint: `An administrator can let it in again: rollcall node approve ${name}`,
  });
}
