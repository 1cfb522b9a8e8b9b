import { Body, Controller, Get, HttpCode, Logger, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  loginProviderSchema,
  loginSchema,
  providerLoginRequestSchema,
  providerLoginStartSchema,
  type Login,
} from '../../../contract/schemas/login.js';
import { ApiOrigin } from '../../http/api-origin.decorator.js';
import { loginCookieOf, setLoginCookie } from '../../http/login-cookie.js';
import { ApiProblems, Operation } from '../../http/operation.decorator.js';
import { ProblemError } from '../../http/problem-error.js';
import { Public, Strangers } from '../access.decorators.js';
import { shownLogin } from '../login.controller.js';
import { Logins } from '../logins.js';
import { RequestLimits } from '../request-limits.js';
import { refuseOtherPages } from '../same-origin.js';
import { IdentityProvider } from './identity-provider.js';
import { requireProvider, signedInBy } from './provider-problems.js';

/** Path of the page to which the provider redirects browsers, and which passes the answer on. */
const RETURN_PATH = '/signed-in';
/** Body limit of the provider's answer, in bytes. */
const ANSWER_LIMIT = 4 * 1_024;
/** Time limit for signing in at the provider, in seconds. */
const SIGN_IN_WITHIN_S = 600;

/** Login of the web page at the identity provider, by the authorization code flow with PKCE. */
@ApiTags('login')
@Controller('v1/login/provider')
export class ProviderLoginController {
  private readonly logger = new Logger(ProviderLoginController.name);

  constructor(
    private readonly provider: IdentityProvider,
    private readonly logins: Logins,
    private readonly limits: RequestLimits,
  ) {}

  @Get()
  @Public()
  @Operation({
    summary: 'Where people sign in besides with an api token',
    answers: { 200: { description: 'the identity provider, if there is one', schema: loginProviderSchema } },
  })
  getLoginProvider(): z.output<typeof loginProviderSchema> {
    return { name: this.provider.name ?? null };
  }

  @Post('start')
  @HttpCode(200)
  @Strangers()
  @ApiProblems('FORBIDDEN')
  @Operation({
    summary: 'Begin to sign a browser in at the identity provider',
    description: 'Sets a cookie that the browser has to bring back within ten minutes.',
    answers: { 200: { description: 'where the browser goes', schema: providerLoginStartSchema } },
    refuses: ['NOT_FOUND'],
  })
  async beginProviderLogin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ApiOrigin() origin: string,
  ): Promise<z.output<typeof providerLoginStartSchema>> {
    refuseOtherPages(request);
    requireProvider(this.provider);
    const { url, checks } = await signedInBy(this.provider.begin(origin + RETURN_PATH), this.logger);
    const held = [checks.state, checks.nonce, checks.verifier].join('.');
    reply.header('set-cookie', setLoginCookie(request, held, SIGN_IN_WITHIN_S, 'sign-in'));
    return { url };
  }

  @Post()
  @HttpCode(200)
  @Strangers({ bodyLimit: ANSWER_LIMIT })
  @ApiProblems('FORBIDDEN')
  @Operation({
    summary: 'Log a browser in that comes back from the identity provider',
    description: 'Sets the cookie of a login, as logging in with an api token does.',
    answers: { 200: { description: 'who that is, and the cookie', schema: loginSchema } },
    refuses: ['NOT_FOUND'],
  })
  async finishProviderLogin(
    @Body({ schema: providerLoginRequestSchema }) { answer }: z.output<typeof providerLoginRequestSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ApiOrigin() origin: string,
  ): Promise<Login> {
    refuseOtherPages(request);
    requireProvider(this.provider);
    const [state, nonce, verifier] = loginCookieOf(request, 'sign-in')?.split('.') ?? [];
    if (state === undefined || nonce === undefined || verifier === undefined) throw notBegunHere();
    this.limits.strangerAsks(request.ip);
    // The cookie can be used once, whatever the outcome.
    const spent = setLoginCookie(request, '', 0, 'sign-in');
    reply.header('set-cookie', spent);
    const grant = await signedInBy(
      this.provider.finish(new URL(`${RETURN_PATH}?${answer}`, origin), { state, nonce, verifier }),
      this.logger,
    );
    const { secret, administrator, lifetimeMs } = await this.logins.beginFor(grant, request.ip, 'browser');
    const login = setLoginCookie(request, secret, Math.floor(lifetimeMs / 1_000));
    reply.header('set-cookie', [spent, login]);
    return shownLogin(administrator);
  }
}

function notBegunHere(): ProblemError {
  return new ProblemError({
    code: 'FORBIDDEN',
    detail: 'this sign-in was not begun in this browser, or more than ten minutes ago',
    hint: 'Begin again on the page',
  });
}
