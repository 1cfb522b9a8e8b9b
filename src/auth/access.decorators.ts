import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '../http/operation.decorator.js';
import type { Role } from '../../contract/grants.js';

/** Who may call a route. A route without a declaration is closed. */
export type RouteAccess =
  | { kind: 'public' }
  | { kind: 'stranger' }
  | { kind: 'administrator'; role: Role; reach: RoleReach }
  | { kind: 'agent'; allowance: AgentAllowance };

/**
 * How a scope applies to a route. `nodes`: the handler checks each node against the caller's reach (CallersReach). `cluster`: the route is not about
 * single nodes, and requires the role without a scope. `sees`: the route only reads and shows no secrets; a scoped role is enough.
 */
export const ROLE_REACHES = ['nodes', 'cluster', 'sees'] as const;
type RoleReach = (typeof ROLE_REACHES)[number];

/**
 * Which of a node's rate limits a route uses: requests about sessions are frequent, and must not use up the allowance for heartbeats. An unapproved node has
 * `presence` only.
 */
export type AgentAllowance = 'presence' | 'sessions';

export const ACCESS = Symbol('access');

/** OpenAPI extension with a route's access: `public`, `stranger`, `agent`, or the role that an administrator needs. */
export const ACCESS_EXTENSION = 'x-rollcall-access';

/** How a scope applies to an operation, in openapi.json. */
export const REACH_EXTENSION = 'x-rollcall-reach';

interface BodyOptions {
  /** Body limit, in bytes, where it is not the default. */
  bodyLimit?: number;
  /** A POST that changes nothing, being a query too long for a URL. */
  changesNothing?: boolean;
  /** Allowed for people who signed in at an identity provider even while that does not answer. */
  asksNoProvider?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig extends BodyOptions {
    /** Who may call the route, for what happens before Nest has the request. */
    access?: RouteAccess;
  }
}

function declare(access: RouteAccess, body: BodyOptions = {}) {
  const said = access.kind === 'administrator' ? access.role : access.kind;
  return applyDecorators(
    SetMetadata<symbol, RouteAccess>(ACCESS, access),
    RouteConfig({ access, ...body }),
    ApiExtension(ACCESS_EXTENSION, said),
    ...(access.kind === 'administrator' ? [ApiExtension(REACH_EXTENSION, access.reach)] : []),
  );
}

/** Open to anyone, without credentials. */
export function Public() {
  return declare({ kind: 'public' });
}

/** Open to callers with a credential in the body, limited per address. */
export function Strangers(body: BodyOptions = {}) {
  return applyDecorators(declare({ kind: 'stranger' }, body), ApiProblems('UNAUTHENTICATED'));
}

/** For administrators with at least this role. */
export function Roles(role: 'viewer', body?: BodyOptions): MethodDecorator;
export function Roles(role: Role, reach: RoleReach, body?: BodyOptions): MethodDecorator;
export function Roles(role: Role, said: RoleReach | BodyOptions = 'sees', more: BodyOptions = {}): MethodDecorator {
  const [reach, body] = typeof said === 'string' ? [said, more] : (['sees', said] as const);
  return applyDecorators(
    declare({ kind: 'administrator', role, reach }, body),
    // OpenAPI 3.1 has room for the role that is needed here.
    ApiSecurity('administrator', [role]),
    ApiProblems('UNAUTHENTICATED', 'FORBIDDEN'),
  );
}

/** For nodes, by their access token. */
export function AgentOnly(allowance: AgentAllowance = 'presence', body: BodyOptions = {}) {
  return applyDecorators(
    declare({ kind: 'agent', allowance }, body),
    ApiBearerAuth('agent'),
    ApiProblems(
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'NODE_REJECTED_BY_ADMINISTRATOR',
      'NODE_AWAITS_APPROVAL',
      'NODE_REMOVED',
    ),
  );
}
