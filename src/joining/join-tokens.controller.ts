import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  createJoinTokenRequestSchema,
  createJoinTokenResponseSchema,
  joinTokenPageSchema,
  joinTokenSchema,
  tokenId,
  tokenListQuerySchema,
  tokenUsePageSchema,
} from '../../contract/schemas/tokens.js';
import { ApiOrigin } from '../http/api-origin.decorator.js';
import { Operation } from '../http/operation.decorator.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { JoinTokens } from './join-tokens.js';

/** Join tokens, for fleets that scale themselves: many uses, an expiry, labels. */
@ApiTags('tokens')
@Controller('v1/join-tokens')
export class JoinTokensController {
  constructor(private readonly tokens: JoinTokens) {}

  @Post()
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Make a join token',
    answers: { 201: { description: 'the token, shown this once', schema: createJoinTokenResponseSchema } },
    refuses: ['IDEMPOTENCY_KEY_REUSED'],
  })
  createJoinToken(
    @Body({ schema: createJoinTokenRequestSchema }) request: z.output<typeof createJoinTokenRequestSchema>,
    @Acting() actor: Actor,
    @ApiOrigin() origin: string,
  ): Promise<z.infer<typeof createJoinTokenResponseSchema>> {
    return this.tokens.create(request, actor, origin);
  }

  @Get()
  @Roles('operator', 'sees')
  @Operation({
    summary: 'List join tokens',
    answers: { 200: { description: 'one page of tokens, without their secrets', schema: joinTokenPageSchema } },
  })
  listJoinTokens(
    @Query({ schema: tokenListQuerySchema }) query: z.output<typeof tokenListQuerySchema>,
  ): Promise<z.infer<typeof joinTokenPageSchema>> {
    return this.tokens.list(query);
  }

  @Get(':id')
  @Roles('operator', 'sees')
  @Operation({
    summary: 'Describe a join token',
    answers: { 200: { description: 'the token, without its secret', schema: joinTokenSchema } },
    refuses: ['NOT_FOUND'],
  })
  getJoinToken(@Param('id', { schema: tokenId }) id: string): Promise<z.infer<typeof joinTokenSchema>> {
    return this.tokens.get(id);
  }

  @Get(':id/uses')
  @Roles('operator', 'sees')
  @Operation({
    summary: 'Who joined with a join token, latest first',
    answers: { 200: { description: 'one page of uses', schema: tokenUsePageSchema } },
    refuses: ['NOT_FOUND'],
  })
  listJoinTokenUses(
    @Param('id', { schema: tokenId }) id: string,
    @Query({ schema: tokenListQuerySchema }) query: z.output<typeof tokenListQuerySchema>,
  ): Promise<z.infer<typeof tokenUsePageSchema>> {
    return this.tokens.uses(id, query);
  }

  @Delete(':id')
  @HttpCode(204)
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Revoke a join token; nodes that joined with it stay',
    answers: { 204: { description: 'it opens nothing any more' } },
    refuses: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  revokeJoinToken(@Param('id', { schema: tokenId }) id: string, @Acting() actor: Actor): Promise<void> {
    return this.tokens.revoke(id, actor);
  }
}
