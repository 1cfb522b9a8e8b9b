import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { mayActAs, type Role } from '../../contract/roles.js';
import { ProblemError } from '../http/problem-error.js';
import { ACCESS, type Access } from './access.decorators.js';
import { AdministratorAuthenticator } from './administrator-authenticator.js';
import { AgentAuthenticator } from './agent-authenticator.js';
import type { Administrator } from './caller.js';
import { Logins } from './logins.js';
import { presentedCredential } from './presented-credential.js';
import { requireOwnPage } from './same-origin.js';
import { unauthenticated } from './unauthenticated.js';

/** Methods that change nothing. */
const READS = new Set(['GET', 'HEAD']);

/** Lets in who a route declares, and nobody where it declares nothing. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly administrators: AdministratorAuthenticator,
    private readonly logins: Logins,
    private readonly agents: AgentAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
    if (access === undefined) throw new ProblemError({ code: 'FORBIDDEN', detail: 'this address is closed: it declares nobody who may call it' });
    if (access.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.caller = access.kind === 'agent' ? await this.agents.authenticate(bearerOf(request)) : await this.administrator(request, access.role);
    return true;
  }

  private async administrator(request: FastifyRequest, needed: Role): Promise<Administrator> {
    const administrator = await this.authenticate(request);
    if (!mayActAs(administrator.role, needed)) {
      throw new ProblemError({
        code: 'FORBIDDEN',
        detail: `${administrator.name} has the role ${administrator.role}, and this needs ${needed}`,
        hint: `Use a token with the role ${needed}`,
      });
    }
    return administrator;
  }

  private async authenticate(request: FastifyRequest): Promise<Administrator> {
    const credential = presentedCredential(request);
    if (credential?.kind !== 'login') return this.administrators.authenticate(bearerOf(request));
    const administrator = await this.logins.authenticate(credential.secret);
    if (!READS.has(request.method)) requireOwnPage(request);
    return administrator;
  }
}

function bearerOf(request: FastifyRequest): string {
  const credential = presentedCredential(request);
  if (credential?.kind !== 'bearer') throw unauthenticated();
  return credential.secret;
}
