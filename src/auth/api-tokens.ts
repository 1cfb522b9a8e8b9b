import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import type { apiTokenPageSchema, apiTokenSchema, createApiTokenRequestSchema, createApiTokenResponseSchema, tokenListQuerySchema } from '../../contract/schemas/tokens.js';
import { Clock } from '../clock.js';
import { ProblemError } from '../http/problem-error.js';
import { EventStore } from '../nodes/event-store.js';
import { tokenEvent } from '../nodes/node-event.js';
import { UnitOfWork } from '../nodes/unit-of-work.js';
import { ApiTokenStore, type ApiTokenRecord } from './api-token-store.js';
import type { Actor } from './caller.js';
import { mintToken } from './secret-token.js';

/** The tokens of administrators. */
@Injectable()
export class ApiTokens {
  private readonly logger = new Logger(ApiTokens.name);

  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async create(request: z.output<typeof createApiTokenRequestSchema>, actor: Actor): Promise<z.infer<typeof createApiTokenResponseSchema>> {
    const { name, role, expiresIn } = request;
    const { id, secretHash, text } = mintToken('rca');
    const at = this.clock.now();
    const expiresAt = at + (parseDuration(expiresIn) ?? 0);
    const record: ApiTokenRecord = { id, name, role, secretHash, createdAt: at, createdBy: actor.by, expiresAt, lastUsedAt: null, revokedAt: null };
    await this.unit.run(async () => {
      await this.tokens.create(record);
      await this.events.append([tokenEvent(id, 'ApiTokenCreated', at, actor, `${name}, role ${role}`)]);
    });
    this.logger.log({ msg: 'an api token was made', tokenId: id, name, role, by: actor.by, from: actor.from });
    return { apiToken: shown(record), token: text };
  }

  /** @throws BadCursor */
  async list(page: z.output<typeof tokenListQuerySchema>): Promise<z.infer<typeof apiTokenPageSchema>> {
    const { items, nextCursor } = await this.tokens.list(page);
    return { items: items.map(shown), nextCursor };
  }

  /** @throws ProblemError NOT_FOUND */
  async revoke(id: string, actor: Actor): Promise<void> {
    const at = this.clock.now();
    const revoked = await this.unit.run(async () => {
      const outcome = await this.tokens.revoke(id, at);
      if (outcome === 'revoked') await this.events.append([tokenEvent(id, 'ApiTokenRevoked', at, actor, (await this.tokens.find(id))?.name)]);
      return outcome;
    });
    if (revoked === null) throw new ProblemError({ code: 'NOT_FOUND', detail: `there is no api token ${id}`, hint: 'GET /v1/api-tokens lists them' });
    this.logger.log({ msg: 'an api token was revoked', tokenId: id, by: actor.by, from: actor.from });
  }
}

function shown({ id, name, role, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt }: ApiTokenRecord): z.infer<typeof apiTokenSchema> {
  return {
    id,
    name,
    role,
    createdAt: new Date(createdAt).toISOString(),
    createdBy,
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    revoked: revokedAt !== null,
  };
}
