import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiProblems } from '../http/operation.decorator.js';
import type { Role } from '../../contract/roles.js';

/** Who may call a route. A route that declares nothing is closed to everyone. */
export type Access = { kind: 'public' } | { kind: 'administrator'; role: Role } | { kind: 'agent' };

export const ACCESS = Symbol('access');

/** Anyone, without credentials. */
export function Public() {
  return SetMetadata<symbol, Access>(ACCESS, { kind: 'public' });
}

/** Administrators whose token has at least this role. */
export function Roles(role: Role) {
  return applyDecorators(
    SetMetadata<symbol, Access>(ACCESS, { kind: 'administrator', role }),
    ApiBearerAuth('administrator'),
    ApiProblems('UNAUTHENTICATED', 'FORBIDDEN'),
  );
}

/** Nodes, by the access token that their key earned them. */
export function AgentOnly() {
  return applyDecorators(
    SetMetadata<symbol, Access>(ACCESS, { kind: 'agent' }),
    ApiBearerAuth('agent'),
    ApiProblems('UNAUTHENTICATED', 'FORBIDDEN', 'NODE_REJECTED_BY_ADMINISTRATOR', 'NODE_REMOVED'),
  );
}
