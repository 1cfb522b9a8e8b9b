import { hasLabel, LABEL_TERM, labelFilter } from './labels.js';

/** Roles of administrators; each may do everything that the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether the role `held` includes the role `needed`. */
export function mayActAs(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}

/** Labels, all of which a node must have: `pool=gpu`, or `pool` with any value. */
export type Scope = readonly string[];
export const MOST_SCOPE_TERMS = 16;

/** Scopes limit changes, and viewers make none. */
export const SCOPED_ROLES = ['operator', 'admin'] as const satisfies readonly Role[];

/** A role over the nodes of a scope only. */
export interface ScopedGrant {
  role: (typeof SCOPED_ROLES)[number];
  scope: string[];
}

/** All rights of a caller. Code that reads `role` alone allows too little, never too much. */
export interface Powers {
  /** Holds everywhere; `viewer` where all grants are scoped. */
  role: Role;
  grants: readonly ScopedGrant[];
}

/** A role as configured or requested: everywhere, or over the nodes of a scope. */
export interface RoleGrant {
  role: Role;
  scope?: string[] | undefined;
}

/** Scopes in which the caller may do what requires `needed`; undefined: everywhere; empty: nowhere. */
export function scopesFor({ role, grants }: Powers, needed: Role): Scope[] | undefined {
  if (mayActAs(role, needed)) return undefined;
  return grants.filter((grant) => mayActAs(grant.role, needed)).map(({ scope }) => scope);
}

/** Whether a node with these labels is in one of the scopes. An empty scope includes no node. */
export function isWithin(scopes: readonly Scope[] | undefined, labels: Readonly<Record<string, string>>): boolean {
  return (
    scopes === undefined ||
    scopes.some((scope) => scope.length > 0 && scope.every((term) => hasLabel(labels, labelFilter(term))))
  );
}

/** Combines grants: the highest unscoped role, and the scoped grants that exceed it. Undefined where there are none. */
export function powersOf(held: readonly RoleGrant[]): Powers | undefined {
  if (held.length === 0) return undefined;
  const everywhere = held.filter(({ scope }) => scope === undefined).map(({ role }) => role);
  const role = ROLES.findLast((one) => everywhere.includes(one)) ?? 'viewer';
  return { role, grants: held.flatMap(asScoped).filter((grant) => !mayActAs(role, grant.role)) };
}

function asScoped({ role, scope }: RoleGrant): ScopedGrant[] {
  return scope === undefined || role === 'viewer' ? [] : [{ role, scope }];
}

/** `operator`, or `operator on pool=gpu,zone=a`. */
export function grantText({ role, scope }: { role: Role; scope?: Scope | null | undefined }): string {
  return scope == null ? role : `${role} on ${scope.join(',')}`;
}

/** `operator`, or `viewer, operator on pool=gpu`. Older apis send no grants. */
export function powersText({ role, grants = [] }: Pick<Powers, 'role'> & Partial<Powers>): string {
  return [role, ...grants.map(grantText)].join(', ');
}

/** Parses what {@link grantText} writes. @returns a sentence where the text is invalid */
export function parseGrant(text: string): RoleGrant | string {
  const [, role, terms] = /^(\S+)(?: +on +(.*))?$/.exec(text.trim()) ?? [];
  if (!isRole(role))
    return `it must be ${ROLES.slice(0, -1).join(', ')} or ${ROLES.at(-1)}, or one over the nodes with these labels: operator on pool=gpu`;
  if (terms === undefined) return { role };
  const scope = termsOf(terms);
  const fault = whyNoGrant({ role, scope });
  return fault === undefined ? { role, scope } : fault;
}

/** The terms of `pool=gpu,zone=a`. */
export function termsOf(text: string): string[] {
  return text.split(',').map((term) => term.trim());
}

/** Why a grant is invalid; undefined where it is valid. */
export function whyNoGrant({ role, scope }: RoleGrant): string | undefined {
  if (scope === undefined) return undefined;
  if (role === 'viewer') return 'a viewer sees everything: a scope limits what operators and admins change';
  const wrong = scope.find((term) => !LABEL_TERM.test(term));
  if (wrong !== undefined) return `${JSON.stringify(wrong)} asks for no label: write it as key or key=value`;
  return scope.length > MOST_SCOPE_TERMS ? `a scope asks for at most ${MOST_SCOPE_TERMS} labels` : undefined;
}

function isRole(text: string | undefined): text is Role {
  return (ROLES as readonly (string | undefined)[]).includes(text);
}
