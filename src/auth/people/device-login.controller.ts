import { Body, Controller, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { isoTime } from '../../../contract/iso-time.js';
import {
  deviceLoginPollRequestSchema,
  deviceLoginPollSchema,
  deviceLoginSchema,
} from '../../../contract/schemas/login.js';
import { ApiProblems, Operation } from '../../http/operation.decorator.js';
import { Strangers } from '../access.decorators.js';
import { FailedAuthentications } from '../failed-authentications.js';
import { shownLogin } from '../login.controller.js';
import { RequestLimits } from '../request-limits.js';
import { refuseOtherPages } from '../same-origin.js';
import { DeviceLogins } from './device-logins.js';
import { IdentityProvider } from './identity-provider.js';
import { requireProvider, signedInBy } from './provider-problems.js';

/** Body limit of a poll, in bytes. */
const POLL_LIMIT = 4 * 1_024;

/** Login of command lines: people sign in at the identity provider in any browser, by the device authorization grant. */
@ApiTags('login')
@Controller('v1/login/device')
export class DeviceLoginController {
  private readonly logger = new Logger(DeviceLoginController.name);

  constructor(
    private readonly provider: IdentityProvider,
    private readonly devices: DeviceLogins,
    private readonly failures: FailedAuthentications,
    private readonly limits: RequestLimits,
  ) {}

  @Post()
  @HttpCode(200)
  @Strangers()
  @ApiProblems('FORBIDDEN')
  @Operation({
    summary: 'Begin to sign a command line in at the identity provider',
    description:
      'The device authorization grant (RFC 8628), for which the api speaks with the provider: the person opens the address in any browser, and the command line asks meanwhile what became of it.',
    answers: { 200: { description: 'what the person opens and compares', schema: deviceLoginSchema } },
    refuses: ['NOT_FOUND'],
  })
  async beginDeviceLogin(@Req() request: FastifyRequest): Promise<z.output<typeof deviceLoginSchema>> {
    refuseOtherPages(request);
    requireProvider(this.provider);
    const { pollEveryS, expiresAt, ...shown } = await signedInBy(this.devices.begin(request.ip), this.logger);
    return { ...shown, pollAfterS: pollEveryS, expiresAt: isoTime(expiresAt) };
  }

  @Post('poll')
  @HttpCode(200)
  @Strangers({ bodyLimit: POLL_LIMIT })
  @ApiProblems('FORBIDDEN')
  @Operation({
    summary: 'Ask whether the person of a command line has signed in',
    description:
      'Asked sooner than `pollAfterS` it says so again and asks nobody. The token lasts for 12 hours at most, and no longer than the identity provider lets the person in; `DELETE /v1/login` with it ends it.',
    answers: { 200: { description: 'the token, or when to ask again', schema: deviceLoginPollSchema } },
    refuses: ['NOT_FOUND'],
  })
  async pollDeviceLogin(
    @Body({ schema: deviceLoginPollRequestSchema }) { handle }: z.output<typeof deviceLoginPollRequestSchema>,
    @Req() request: FastifyRequest,
  ): Promise<z.output<typeof deviceLoginPollSchema>> {
    refuseOtherPages(request);
    requireProvider(this.provider);
    this.limits.strangerAsks(request.ip);
    const polled = await this.failures.watch(request.ip, handle, () =>
      signedInBy(this.devices.poll(handle, request.ip), this.logger),
    );
    if ('pollAfterS' in polled) return { ...polled, token: null, login: null };
    return { pollAfterS: null, token: polled.secret, login: shownLogin(polled.administrator) };
  }
}
