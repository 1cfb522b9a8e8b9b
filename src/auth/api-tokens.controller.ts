import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  apiTokenPageSchema,
  createApiTokenRequestSchema,
  createApiTokenResponseSchema,
  rotateApiTokenRequestSchema,
  tokenId,
  tokenListQuerySchema,
} from '../../contract/schemas/tokens.js';
import { Operation } from '../http/operation.decorator.js';
import { Roles } from './access.decorators.js';
import { ApiTokens } from './api-tokens.js';
import { Acting, type Actor } from './caller.js';

/** Api tokens of people and their scripts. */
@ApiTags('tokens')
@Controller('v1/api-tokens')
export class ApiTokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Post()
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Make an api token',
    answers: { 201: { description: 'the token, shown this once', schema: createApiTokenResponseSchema } },
    refuses: ['IDEMPOTENCY_KEY_REUSED', 'TOKEN_NAME_TAKEN'],
  })
  createApiToken(
    @Body({ schema: createApiTokenRequestSchema }) request: z.output<typeof createApiTokenRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<z.infer<typeof createApiTokenResponseSchema>> {
    return this.tokens.create(request, actor);
  }

  @Get()
  @Roles('admin', 'sees')
  @Operation({
    summary: 'List api tokens',
    answers: { 200: { description: 'one page of tokens, without their secrets', schema: apiTokenPageSchema } },
  })
  listApiTokens(
    @Query({ schema: tokenListQuerySchema }) query: z.output<typeof tokenListQuerySchema>,
  ): Promise<z.infer<typeof apiTokenPageSchema>> {
    return this.tokens.list(query);
  }

  @Post(':id/rotate')
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Give an api token another secret; the one of before works beside it for a while',
    answers: { 201: { description: 'the token, shown this once', schema: createApiTokenResponseSchema } },
    refuses: ['NOT_FOUND', 'TOKEN_ENDED', 'LAST_ADMINISTRATOR', 'IDEMPOTENCY_KEY_REUSED'],
  })
  rotateApiToken(
    @Param('id', { schema: tokenId }) id: string,
    @Body({ schema: rotateApiTokenRequestSchema.prefault({}) }) request: z.output<typeof rotateApiTokenRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<z.infer<typeof createApiTokenResponseSchema>> {
    return this.tokens.rotate(id, request, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Revoke an api token',
    answers: { 204: { description: 'it opens nothing any more' } },
    refuses: ['NOT_FOUND', 'LAST_ADMINISTRATOR', 'IDEMPOTENCY_KEY_REUSED'],
  })
  revokeApiToken(@Param('id', { schema: tokenId }) id: string, @Acting() actor: Actor): Promise<void> {
    return this.tokens.revoke(id, actor);
  }
}
