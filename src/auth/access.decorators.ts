import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '../http/operation.decorator.js';
import type { Role } from '../../contract/roles.js';

/** Who may call a route. A route that declares nothing is closed to everyone. */
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
 * What of a node's allowance a route takes from: sessions come and go more often than heartbeats, and must not cost the node those. A node
 * that nobody has approved has presence only.
 */
export type AgentAllowance = 'presence' | 'sessions';

export const ACCESS = Symbol('access');

/** What openapi.json says of a route's access: `public`, `stranger`, `agent`, or the role that an administrator needs. */
export const ACCESS_EXTENSION = 'x-rollcall-access';

/** How a scope applies to an operation, in openapi.json. */
export const REACH_EXTENSION = 'x-rollcall-reach';

interface BodyOptions {
  /** The largest body that the route takes, in bytes, where that is not what others take. */
  bodyLimit?: number;
  /** A POST that changes nothing: a question too long for an address. */
  changesNothing?: boolean;
  /** Whoever signed in at an identity provider may do it though that does not answer. */
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

/** Anyone, without credentials. */
export function Public() {
  return declare({ kind: 'public' });
}

/** Whoever proves by something in the request's body who they are: so many a second from one address. */
export function Strangers(body: BodyOptions = {}) {
  return applyDecorators(declare({ kind: 'stranger' }, body), ApiProblems('UNAUTHENTICATED'));
}

/** Administrators who have at least this role; what viewers may is for everybody. */
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

/** Nodes, by the access token that their key earned them. */
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
