import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mayActAs, type Role } from '../../contract/roles.js';
import { ProblemError } from '../http/problem-error.js';
import { ACCESS, type Access } from './access.decorators.js';
import { AgentAuthenticator } from './agent-authenticator.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import type { Administrator, Caller } from './caller.js';
import { FailedAuthentications } from './failed-authentications.js';
import { Logins } from './logins.js';
import { OpenRequests } from './open-requests.js';
import { presentedCredential, type PresentedCredential } from './presented-credential.js';
import { RequestLimits } from './request-limits.js';
import { requireOwnPage } from './same-origin.js';
import { unauthenticated } from './unauthenticated.js';

/** Methods that change nothing. */
const READS = new Set(['GET', 'HEAD']);

/** Of a route that not everybody may call. */
type Closed = Exclude<Access, { kind: 'public' | 'stranger' }>;

/** Lets in who a route declares, and nobody where it declares nothing. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly bearers: BearerAuthenticator,
    private readonly logins: Logins,
    private readonly agents: AgentAuthenticator,
    private readonly failures: FailedAuthentications,
    private readonly limits: RequestLimits,
    private readonly openRequests: OpenRequests,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
    if (access === undefined) throw new ProblemError({ code: 'FORBIDDEN', detail: 'this address is closed: it declares nobody who may call it' });
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (access.kind === 'stranger') this.limits.strangerAsks(request.ip);
    if (access.kind === 'administrator' || access.kind === 'agent') {
      request.caller = await this.caller(request, access);
      const { raw: response } = context.switchToHttp().getResponse<FastifyReply>();
      request.lifetime = this.openRequests.begin(request.caller, response, () => this.again(request, access));
    }
    return true;
  }

  private async caller(request: FastifyRequest, access: Closed): Promise<Caller> {
    const credential = presentedCredential(request);
    if (credential === undefined) throw unauthenticated();
    const known = await this.failures.watch<Caller>(request.ip, credential.secret, () =>
      access.kind === 'agent' ? this.agents.authenticate(bearerOf(credential), access.allowance) : this.administrator(credential),
    );
    if (access.kind === 'administrator' && known.kind === 'administrator') this.check(known, access.role, request, credential);
    return known;
  }

  /** As {@link caller}, of a request that is under way: nothing is counted. */
  private async again(request: FastifyRequest, access: Closed): Promise<void> {
    const credential = presentedCredential(request);
    if (credential === undefined) throw unauthenticated();
    if (access.kind === 'agent') await this.agents.again(bearerOf(credential), access.allowance);
    else requireRole(await this.administrator(credential), access.role);
  }

  private administrator(credential: PresentedCredential): Promise<Administrator> {
    return credential.kind === 'login' ? this.logins.authenticate(credential.secret) : this.bearers.authenticate(credential.secret);
  }

  private check(administrator: Administrator, needed: Role, request: FastifyRequest, credential: PresentedCredential): void {
    const changes = !READS.has(request.method);
    // A cookie comes unasked, from pages of others too.
    if (changes && credential.kind === 'login') requireOwnPage(request);
    if (changes) this.limits.administratorChanges(administrator.principal);
    requireRole(administrator, needed);
  }
}

function requireRole({ name, role }: Administrator, needed: Role): void {
  if (mayActAs(role, needed)) return;
  throw new ProblemError({ code: 'FORBIDDEN', detail: `${name} has the role ${role}, and this needs ${needed}`, hint: `Use a token with the role ${needed}` });
}

function bearerOf({ kind, secret }: PresentedCredential): string {
  if (kind !== 'bearer') throw unauthenticated();
  return secret;
}
