import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import type { createJoinTokenRequestSchema, createJoinTokenResponseSchema, joinTokenPageSchema, joinTokenSchema, tokenListQuerySchema } from '../../contract/schemas/tokens.js';
import { Clock } from '../clock.js';
import { ProblemError } from '../http/problem-error.js';
import type { Actor } from './caller.js';
import { mintToken } from './secret-token.js';
import { TokenStore, type TokenRecord } from './token-store.js';

type JoinToken = z.infer<typeof joinTokenSchema>;

/** Tokens that let many agents in. */
@Injectable()
export class JoinTokens {
  private readonly logger = new Logger(JoinTokens.name);

  constructor(
    private readonly tokens: TokenStore,
    private readonly clock: Clock,
  ) {}

  async create(request: z.output<typeof createJoinTokenRequestSchema>, actor: Actor): Promise<z.infer<typeof createJoinTokenResponseSchema>> {
    const { description, maxUses, expiresIn, labels, autoApprove = null } = request;
    const { id, secretHash, text } = mintToken('rcj');
    const at = this.clock.now();
    const record: TokenRecord = {
      id,
      kind: 'join',
      secretHash,
      description,
      uses: 0,
      maxUses,
      expiresAt: at + (parseDuration(expiresIn) ?? 0),
      labels,
      autoApprove,
      nodeUid: null,
      createdAt: at,
      createdBy: actor.by,
      revokedAt: null,
    };
    await this.tokens.create(record);
    this.logger.log({ msg: 'a join token was made', tokenId: id, by: actor.by, from: actor.from });
    return { joinToken: shown(record), token: text };
  }

  /** @throws BadCursor */
  async list(page: z.output<typeof tokenListQuerySchema>): Promise<z.infer<typeof joinTokenPageSchema>> {
    const { items, nextCursor } = await this.tokens.listJoinTokens(page);
    return { items: items.map(shown), nextCursor };
  }

  /** @throws ProblemError NOT_FOUND */
  async revoke(id: string, actor: Actor): Promise<void> {
    const revoked = await this.tokens.revokeJoinToken(id, this.clock.now());
    if (revoked === null) throw new ProblemError({ code: 'NOT_FOUND', detail: `there is no join token ${id}`, hint: 'GET /v1/join-tokens lists them' });
    this.logger.log({ msg: 'a join token was revoked', tokenId: id, by: actor.by, from: actor.from });
  }
}

function shown(record: TokenRecord): JoinToken {
  const { id, description, uses, maxUses, labels, autoApprove, createdBy } = record;
  return {
    id,
    description,
    uses,
    maxUses,
    labels,
    autoApprove,
    createdBy,
    expiresAt: new Date(record.expiresAt).toISOString(),
    revoked: record.revokedAt !== null,
    createdAt: new Date(record.createdAt).toISOString(),
  };
}
