import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { powersText, scopesFor } from '../../contract/grants.js';
import { ProblemError } from '../http/problem-error.js';
import type { AgentAllowance, RouteAccess } from './access.decorators.js';
import { AgentAuthenticator } from './agent-authenticator.js';
import { BearerAuthenticator } from './bearer-authenticator.js';
import type { Administrator, Caller } from './caller.js';
import { FailedAuthentications } from './failed-authentications.js';
import { Logins } from './logins.js';
import { reachOf } from './reach.js';
import { OpenRequests, type GoodFor } from './open-requests.js';
import { presentedCredential, type PresentedCredential } from '../http/presented-credential.js';
import { RequestLimits } from './request-limits.js';
import { requireOwnPage } from './same-origin.js';
import { unauthenticated } from './unauthenticated.js';

/** Methods that change nothing. */
const READS = new Set(['GET', 'HEAD']);

/** Access of a route that needs a caller. */
type Closed = Exclude<RouteAccess, { kind: 'public' | 'stranger' }>;
type ForAdministrators = Extract<RouteAccess, { kind: 'administrator' }>;

/** Authenticates a request as soon as its headers have arrived, so that bodies of unauthorized callers are never read. The guard ensures that this was done. */
@Injectable()
export class Admission implements OnModuleInit {
  constructor(
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    private readonly bearers: BearerAuthenticator,
    private readonly logins: Logins,
    private readonly agents: AgentAuthenticator,
    private readonly failures: FailedAuthentications,
    private readonly limits: RequestLimits,
    private readonly openRequests: OpenRequests,
  ) {}

  onModuleInit(): void {
    this.http.httpAdapter.getInstance().addHook('onRequest', async (request, reply) => {
      const { access } = request.routeOptions.config;
      // A small body is as cheap to read as to refuse, and contains the credential.
      if (access?.kind === 'stranger' && request.routeOptions.config.bodyLimit === undefined)
        this.limits.strangerAsks(request.ip);
      if (access?.kind !== 'administrator' && access?.kind !== 'agent') return;
      request.caller = await this.caller(request, access);
      request.lifetime = this.openRequests.begin(request.caller, reply.raw, () => this.again(request, access));
    });
  }

  private async caller(request: FastifyRequest, access: Closed): Promise<Caller> {
    const credential = presentedCredential(request);
    if (credential === undefined) throw unauthenticated();
    const known = await (access.kind === 'agent'
      ? this.agent(request.ip, credential, access.allowance)
      : this.failures.watch<Caller>(request.ip, credential.secret, () => this.administrator(credential, request)));
    if (access.kind === 'administrator' && known.kind === 'administrator')
      this.check(known, access, request, credential);
    return known;
  }

  /**
   * Like {@link caller}, for a request under way, without counting it.
   * @returns for how long it stays admitted
   */
  private async again(request: FastifyRequest, access: Closed): Promise<GoodFor> {
    const credential = presentedCredential(request);
    if (credential === undefined) throw unauthenticated();
    if (access.kind === 'agent') {
      await this.agents.again(bearerOf(credential), access.allowance);
      return { expiresAt: request.caller?.expiresAt ?? null };
    }
    const administrator = await this.administrator(credential, request);
    requireRole(administrator, access);
    return administrator;
  }

  private agent(address: string, credential: PresentedCredential, allowance: AgentAllowance): Promise<Caller> {
    const bearer = bearerOf(credential);
    return this.failures.watch(address, bearer, () => this.agents.authenticate(bearer, allowance), {
      isProven: () => this.agents.isProven(bearer),
    });
  }

  private administrator(credential: PresentedCredential, { routeOptions }: FastifyRequest): Promise<Administrator> {
    const options = { asRecorded: routeOptions.config.asksNoProvider === true };
    return credential.kind === 'login'
      ? this.logins.authenticate(credential.secret, options)
      : this.bearers.authenticate(credential.secret, options);
  }

  private check(
    administrator: Administrator,
    access: ForAdministrators,
    request: FastifyRequest,
    credential: PresentedCredential,
  ): void {
    const changes = !READS.has(request.method) && request.routeOptions.config.changesNothing !== true;
    // Browsers send cookies unasked, also from other sites' pages.
    if (changes && credential.kind === 'login') requireOwnPage(request);
    if (changes) this.limits.administratorChanges(administrator.principal);
    requireRole(administrator, access);
  }
}

/** Checks the role. Routes about nodes check scopes themselves. */
function requireRole(administrator: Administrator, { role: needed, reach }: ForAdministrators): void {
  const scopes = scopesFor(administrator, needed);
  if (scopes === undefined) return;
  if (scopes.length > 0) {
    if (reach === 'cluster') reachOf(administrator, needed).demandEverywhere();
    return;
  }
  throw new ProblemError({
    code: 'FORBIDDEN',
    detail: `${administrator.name} has the role ${powersText(administrator)}, and this needs ${needed}`,
    hint: `Use a token with the role ${needed}`,
  });
}

function bearerOf({ kind, secret }: PresentedCredential): string {
  if (kind !== 'bearer') throw unauthenticated();
  return secret;
}
