import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { mayActAs, type Role } from '../../contract/roles.js';
import { ProblemError } from '../http/problem-error.js';
import { ACCESS, type Access } from './access.decorators.js';
import { AdministratorAuthenticator } from './administrator-authenticator.js';
import { AgentAuthenticator } from './agent-authenticator.js';
import type { Administrator } from './caller.js';
import { unauthenticated } from './unauthenticated.js';

/** Lets in who a route declares, and nobody where it declares nothing. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly administrators: AdministratorAuthenticator,
    private readonly agents: AgentAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
    if (access === undefined) throw new ProblemError({ code: 'FORBIDDEN', detail: 'this address is closed: it declares nobody who may call it' });
    if (access.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const bearer = bearerOf(request);
    request.caller = access.kind === 'agent' ? await this.agents.authenticate(bearer) : await this.administrator(bearer, access.role);
    return true;
  }

  private async administrator(bearer: string, needed: Role): Promise<Administrator> {
    const administrator = await this.administrators.authenticate(bearer);
    if (!mayActAs(administrator.role, needed)) {
      throw new ProblemError({
        code: 'FORBIDDEN',
        detail: `the token ${administrator.name} has the role ${administrator.role}, and this needs ${needed}`,
        hint: `Use a token with the role ${needed}`,
      });
    }
    return administrator;
  }
}

function bearerOf({ headers }: FastifyRequest): string {
  const [, bearer] = /^Bearer +([^\s]+)$/i.exec(headers.authorization ?? '') ?? [];
  if (bearer === undefined) throw unauthenticated();
  return bearer;
}
