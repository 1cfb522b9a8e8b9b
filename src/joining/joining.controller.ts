import { Body, Controller, HttpCode, Ip, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  accessTokenRequestSchema,
  accessTokenResponseSchema,
  registerRequestSchema,
  registerResponseSchema,
  rotateKeyRequestSchema,
  type RegisterRequest,
  type RegisterResponse,
  type RotateKeyRequest,
} from '../../contract/schemas/agents.js';
import { Strangers } from '../auth/access.decorators.js';
import { FailedAuthentications } from '../auth/failed-authentications.js';
import { Operation } from '../http/operation.decorator.js';
import { AccessTokenIssuer } from './access-token-issuer.js';
import { KeyReplacement } from './key-replacement.js';
import { RegistrationService } from './registration.service.js';

/** Body limit of an assertion, in bytes. */
const ASSERTION_LIMIT = 4 * 1_024;

/** Joining, and access tokens for all other requests of agents. */
@ApiTags('agent')
@Controller('v1/agent')
export class JoiningController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly accessTokens: AccessTokenIssuer,
    private readonly keyReplacement: KeyReplacement,
    private readonly failures: FailedAuthentications,
  ) {}

  @Post('register')
  @Strangers()
  @Operation({
    summary: 'Join with a bootstrap or join token, and leave the public half of a key',
    answers: {
      200: {
        description: 'this key has joined with this token before: the same answer again',
        schema: registerResponseSchema,
      },
      201: { description: 'joined', schema: registerResponseSchema },
    },
    refuses: ['NODE_NAME_TAKEN'],
  })
  async registerAgent(
    @Body({ schema: registerRequestSchema }) request: RegisterRequest,
    @Ip() from: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisterResponse> {
    const { response, repeated } = await this.failures.watch(from, request.token, () =>
      this.registration.register(request, from),
    );
    reply.status(repeated ? 200 : 201);
    return response;
  }

  @Post('token')
  @HttpCode(200)
  @Strangers({ bodyLimit: ASSERTION_LIMIT })
  @Operation({
    summary: "Trade an assertion signed with the node's key for a short access token",
    answers: { 200: { description: 'the access token', schema: accessTokenResponseSchema } },
    refuses: ['NODE_REMOVED'],
  })
  issueAccessToken(
    @Body({ schema: accessTokenRequestSchema }) { assertion }: z.infer<typeof accessTokenRequestSchema>,
    @Ip() from: string,
  ): Promise<z.infer<typeof accessTokenResponseSchema>> {
    return this.failures.watch(from, assertion, () => this.accessTokens.trade(assertion, from), {
      isUsedOnce: true,
      isProven: () => this.accessTokens.isProven(assertion),
    });
  }

  @Post('key')
  @HttpCode(204)
  @Strangers({ bodyLimit: ASSERTION_LIMIT })
  @Operation({
    summary:
      "Replace the node's key by another; the former one, and access tokens that it earned, open nothing any more",
    answers: { 204: { description: 'the new key is the only one; asked again, it still is' } },
    refuses: ['NODE_REMOVED', 'NODE_IDENTITY_COPIED'],
  })
  rotateKey(@Body({ schema: rotateKeyRequestSchema }) request: RotateKeyRequest, @Ip() from: string): Promise<void> {
    return this.failures.watch(from, request.assertion, () => this.keyReplacement.rotate(request, from), {
      isUsedOnce: true,
      isProven: () => this.accessTokens.isProven(request.assertion),
    });
  }
}
