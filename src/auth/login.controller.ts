import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { isoTime } from '../../contract/iso-time.js';
import { loginRequestSchema, loginSchema, logoutSchema, type Login } from '../../contract/schemas/login.js';
import { ApiOrigin } from '../http/api-origin.decorator.js';
import { ApiProblems, Operation } from '../http/operation.decorator.js';
import { Roles, Strangers } from './access.decorators.js';
import { CallingAdministrator, type Administrator } from './caller.js';
import { FailedAuthentications } from './failed-authentications.js';
import { loginCookieOf, setLoginCookie } from '../http/login-cookie.js';
import { presentedCredential } from '../http/presented-credential.js';
import { Logins } from './logins.js';
import { RequestLimits } from './request-limits.js';
import { refuseOtherPages } from './same-origin.js';
import { isLoginToken } from './secret-token.js';

/** Body limit of a login, in bytes. */
const LOGIN_LIMIT = 4 * 1_024;

/** Login of the web page: exchanges a token for a cookie that scripts cannot read. */
@ApiTags('login')
@Controller('v1/login')
export class LoginController {
  constructor(
    private readonly logins: Logins,
    private readonly failures: FailedAuthentications,
    private readonly limits: RequestLimits,
  ) {}

  @Post()
  @HttpCode(200)
  @Strangers({ bodyLimit: LOGIN_LIMIT })
  @ApiProblems('FORBIDDEN')
  @Operation({
    summary: 'Log a browser in with an api token',
    description:
      'Sets a cookie that lasts for 12 hours, or until the token ends. With it, requests other than GET need the header `x-rollcall-csrf: 1` and must come from the same origin.',
    answers: { 200: { description: 'who that is, and the cookie', schema: loginSchema } },
  })
  async logIn(
    @Body({ schema: loginRequestSchema }) { token }: z.output<typeof loginRequestSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Login> {
    refuseOtherPages(request);
    const { secret, administrator, lifetimeMs } = await this.failures.watch(request.ip, token, () =>
      this.logins.begin(token, request.ip),
    );
    this.limits.strangerAsks(request.ip);
    reply.header('set-cookie', setLoginCookie(request, secret, Math.floor(lifetimeMs / 1_000)));
    return shownLogin(administrator);
  }

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'Who the caller is, by token or cookie',
    answers: { 200: { description: 'name, role and scoped grants', schema: loginSchema } },
  })
  getLogin(@CallingAdministrator() administrator: Administrator): Login {
    return shownLogin(administrator);
  }

  @Delete()
  @HttpCode(204)
  @Roles('viewer', { asksNoProvider: true })
  @Operation({
    summary: 'Log this browser or command line out',
    answers: {
      204: { description: 'its cookie, or its token, opens nothing any more' },
      200: {
        description: 'the same, of a person whose session at the identity provider is to be ended as well',
        schema: logoutSchema,
      },
    },
  })
  async logOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ApiOrigin() origin: string,
  ): Promise<z.output<typeof logoutSchema> | undefined> {
    const shown = presentedCredential(request);
    if (shown?.kind === 'bearer' && isLoginToken(shown.secret)) return void (await this.logins.end(shown.secret));
    const secret = loginCookieOf(request);
    const continueAt = secret === undefined ? undefined : await this.logins.end(secret, `${origin}/`);
    reply.header('set-cookie', setLoginCookie(request, '', 0));
    if (continueAt === undefined) return undefined;
    reply.status(200);
    return { continueAt };
  }
}

/** Maps an administrator to the API's view of their login. */
export function shownLogin({ name, role, grants, via, expiresAt }: Administrator): Login {
  return { name, role, grants: [...grants], via, expiresAt: expiresAt === null ? null : isoTime(expiresAt) };
}
