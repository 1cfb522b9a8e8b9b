import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Powers } from '../../contract/grants.js';
import type { Login } from '../../contract/schemas/login.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeRecord } from '../record/node-record.js';
import type { CallerRecord } from './caller-feed.js';

/** Basis and duration of an admission. */
interface Admission {
  /** When the credential expires; null where it does not. */
  expiresAt: EpochMs | null;
  /** When the identity provider is to be asked again; absent where it is not involved. */
  askAgainAt?: EpochMs;
  /** Records whose change may end it earlier. */
  records: readonly CallerRecord[];
}

export interface Administrator extends Admission, Powers {
  kind: 'administrator';
  /** Identity that stays the same across logins and tokens of the issuer. */
  principal: string;
  /** Name in events. */
  name: string;
  via: Login['via'];
}

/** An authenticated node. */
export interface AgentCaller extends Admission {
  kind: 'agent';
  /** The node as read for this request. */
  node: NodeRecord;
}

export type Caller = Administrator | AgentCaller;

/** Author of a change and their address, for events. */
export interface Actor {
  by: string;
  /** Id of the token used, or issuer and subject of a person; absent where no administrator acts. Ids are never reused, names may be. */
  byId?: string;
  /** The address; null where the api itself acts. */
  from: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on every route that is not public. */
    caller?: Caller;
  }
}

/** Injects the author, for events. */
export const Acting = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { caller } = request;
  return {
    by: nameOf(caller),
    ...(caller?.kind === 'administrator' && { byId: caller.principal }),
    from: request.socket.remoteAddress === undefined ? null : request.ip,
  };
});

/** Injects the calling administrator. */
export const CallingAdministrator = createParamDecorator((_: unknown, context: ExecutionContext): Administrator => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller?.kind !== 'administrator') throw new Error('CallingAdministrator stands on a route without @Roles');
  return caller;
});

/** Injects the calling node, identified by its access token alone. */
export const CallingNode = createParamDecorator((_: unknown, context: ExecutionContext): NodeRecord => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller?.kind !== 'agent') throw new Error('CallingNode stands on a route that is not @AgentOnly');
  return caller.node;
});

/** Name in events of a node that acts for itself. */
export function agentName({ name }: Pick<NodeRecord, 'name'>): string {
  return `agent:${name}`;
}

function nameOf(caller: Caller | undefined): string {
  if (caller === undefined) return 'anonymous';
  return caller.kind === 'agent' ? agentName(caller.node) : caller.name;
}
