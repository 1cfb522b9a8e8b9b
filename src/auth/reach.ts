import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { grantText, isWithin, scopesFor, type Powers, type Scope, type Role } from '../../contract/grants.js';
import { labelFilter } from '../../contract/labels.js';
import { SYSTEM } from '../../contract/states.js';
import { ProblemError } from '../http/problem-error.js';
import type { NodeRecord } from '../record/node-record.js';

/** Most scopes, nodes and labels that a sentence names. */
const NAMED = 5;

type Labelled = Pick<NodeRecord, 'name' | 'labels'>;

/** Which nodes somebody may decide about. Check a node within the unit of work of the decision, against the labels that it has there. */
export class Reach {
  /** @param scopes undefined: every node; none: no node */
  constructor(
    private readonly who: string,
    private readonly role: Role,
    readonly scopes: readonly Scope[] | undefined,
  ) {}

  includes(labels: Readonly<Record<string, string>>): boolean {
    return isWithin(this.scopes, labels);
  }

  /** @throws ProblemError FORBIDDEN where one of the nodes is outside */
  demand(...nodes: readonly Labelled[]): void {
    const outside = nodes.filter(({ labels }) => !this.includes(labels));
    if (outside.length === 0) return;
    const named = outside.slice(0, NAMED).map((node) => `node ${node.name} (${this.relevant(node)})`);
    const more = outside.length > NAMED ? [`${outside.length - NAMED} more`] : [];
    throw new ProblemError({
      code: 'FORBIDDEN',
      detail: `${this.limits}, and ${inWords([...named, ...more])} ${outside.length === 1 ? 'is' : 'are'} outside`,
      hint: 'Leave out what is outside, or use a token or a login that may: rollcall auth whoami shows what yours may',
    });
  }

  /** @throws ProblemError FORBIDDEN where it has scopes */
  demandEverywhere(): void {
    if (this.scopes === undefined) return;
    throw new ProblemError({
      code: 'FORBIDDEN',
      detail: `${this.limits}, and this is about more than those nodes`,
      hint: `Use a token or a login with the role ${this.role} and no scope: rollcall auth whoami shows what yours may`,
    });
  }

  /** What its scopes are, in a clause: `ana is operator on pool=gpu only`. */
  get limits(): string {
    const scopes = this.scopes ?? [];
    const named = scopes.slice(0, NAMED).map((scope) => grantText({ role: this.role, scope }));
    return `${this.who} is ${named.join(' or ')}${scopes.length > NAMED ? ' and some more' : ''} only`;
  }

  /** The node's labels that scopes use; it may have many others. */
  private relevant({ labels }: Labelled): string {
    const keys = new Set((this.scopes ?? []).flatMap((scope) => scope.map((term) => labelFilter(term).key)));
    return [...keys]
      .slice(0, NAMED)
      .map((key) => (Object.hasOwn(labels, key) ? `${key}=${labels[key]}` : `no ${key}`))
      .join(', ');
  }
}

/** For decisions of the system, and of nodes about themselves. */
export const EVERYWHERE = new Reach(SYSTEM, 'admin', undefined);

export function reachOf(administrator: Powers & { name: string }, needed: Role): Reach {
  return new Reach(administrator.name, needed, scopesFor(administrator, needed));
}

/** The caller's reach with the role that the route requires. For routes that are about `nodes`. */
export const CallersReach = createParamDecorator((_: unknown, context: ExecutionContext): Reach => {
  const { caller, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
  const { access } = routeOptions.config;
  if (caller?.kind !== 'administrator' || access?.kind !== 'administrator' || access.reach !== 'nodes')
    throw new Error('CallersReach is used on a route that is not about nodes');
  return reachOf(caller, access.role);
});

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
