import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Powers } from '../../contract/grants.js';
import type { Login } from '../../contract/schemas/login.js';
import type { EpochMs } from '../../contract/states.js';
import type { NodeRecord } from '../record/node-record.js';
import type { CallerRecord } from './caller-feed.js';

/** What let somebody in, and for how long. */
interface Admission {
  /** When what they showed ends; null: never. */
  expiresAt: EpochMs | null;
  /** When somebody else is to be asked again whether it is still good; absent: nobody is. */
  askAgainAt?: EpochMs;
  /** Records whose change may end it sooner. */
  records: readonly CallerRecord[];
}

export interface Administrator extends Admission, Powers {
  kind: 'administrator';
  /** Whoever it is stays the same principal with the next login and the next token of the issuer. */
  principal: string;
  /** The token's name: who did it, in events. */
  name: string;
  via: Login['via'];
}

/** A node that has proven to hold its key. */
export interface AgentCaller extends Admission {
  kind: 'agent';
  /** As it was when this request came. */
  node: NodeRecord;
}

export type Caller = Administrator | AgentCaller;

/** Who did something, and from which address: what events keep. */
export interface Actor {
  by: string;
  /** The id of the token that they acted with, or the issuer and subject of a person; absent where no administrator acts. Names may be reused, ids never are. */
  byId?: string;
  /** Null where the api itself acts. */
  from: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on every route that is not public. */
    caller?: Caller;
  }
}

/** Who acts, for events. */
export const Acting = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { caller } = request;
  return {
    by: nameOf(caller),
    ...(caller?.kind === 'administrator' && { byId: caller.principal }),
    from: request.socket.remoteAddress === undefined ? null : request.ip,
  };
});

/** The administrator who calls. */
export const CallingAdministrator = createParamDecorator((_: unknown, context: ExecutionContext): Administrator => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller?.kind !== 'administrator') throw new Error('CallingAdministrator stands on a route without @Roles');
  return caller;
});

/** The node whose access token came with the request: the only source of a node's identity. */
export const CallingNode = createParamDecorator((_: unknown, context: ExecutionContext): NodeRecord => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller?.kind !== 'agent') throw new Error('CallingNode stands on a route that is not @AgentOnly');
  return caller.node;
});

/** How events name a node that acts for itself. */
export function agentName({ name }: Pick<NodeRecord, 'name'>): string {
  return `agent:${name}`;
}

function nameOf(caller: Caller | undefined): string {
  if (caller === undefined) return 'anonymous';
  return caller.kind === 'agent' ? agentName(caller.node) : caller.name;
}
