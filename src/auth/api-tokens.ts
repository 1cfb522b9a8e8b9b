import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import type {
  apiTokenPageSchema,
  apiTokenSchema,
  createApiTokenRequestSchema,
  createApiTokenResponseSchema,
  tokenListQuerySchema,
} from '../../contract/schemas/tokens.js';
import type { Config } from '../../contract/config/schema.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { EventStore } from '../record/event-store.js';
import { tokenEvent } from '../record/node-event.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { ApiTokenStore, TokenNameTaken, type ApiTokenRecord } from './api-token-store.js';
import type { Actor } from './caller.js';
import { mintToken } from './secret-token.js';

/** Whoever is left needs time to make another token, in milliseconds. */
const LONG_ENOUGH_MS = 86_400_000;

/** The tokens of administrators. */
@Injectable()
export class ApiTokens {
  private readonly logger = new Logger(ApiTokens.name);
  /** Administrators who need no api token. */
  private readonly issuerHasAdministrators: boolean;

  constructor(
    private readonly tokens: ApiTokenStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    const { Issuer, RoleMapping } = Orchestrator.Auth.OIDC;
    this.issuerHasAdministrators = Issuer !== undefined && Object.values(RoleMapping).includes('admin');
  }

  /** @throws ProblemError TOKEN_NAME_TAKEN */
  async create(
    request: z.output<typeof createApiTokenRequestSchema>,
    actor: Actor,
  ): Promise<z.infer<typeof createApiTokenResponseSchema>> {
    const { name, role, expiresIn } = request;
    const { id, secretHash, text } = mintToken('rca');
    const at = this.clock.now();
    const expiresAt = at + (parseDuration(expiresIn) ?? 0);
    const record: ApiTokenRecord = {
      id,
      name,
      role,
      secretHash,
      createdAt: at,
      createdBy: actor.by,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    };
    const response = { apiToken: shown(record), token: text };
    const made = this.unit.run(async () => {
      await this.tokens.create(record);
      await this.events.append([tokenEvent(id, 'ApiTokenCreated', at, actor, `${name}, role ${role}`)]);
      await this.answers.keep(201, () => response);
    });
    await made.catch((error: unknown) => {
      throw error instanceof TokenNameTaken ? nameTaken(error.tokenName) : error;
    });
    this.logger.log({ msg: 'an api token was made', tokenId: id, name, role, by: actor.by, from: actor.from });
    return response;
  }

  /** @throws BadCursor */
  async list(page: z.output<typeof tokenListQuerySchema>): Promise<z.infer<typeof apiTokenPageSchema>> {
    const { items, nextCursor } = await this.tokens.list(page);
    return { items: items.map(shown), nextCursor };
  }

  /** @throws ProblemError NOT_FOUND, LAST_ADMINISTRATOR */
  async revoke(id: string, actor: Actor): Promise<void> {
    const at = this.clock.now();
    const revoked = await this.unit.run(async () => {
      const token = await this.tokens.find(id);
      if (token !== null && (await this.isNeeded(token, at))) throw lastAdministrator(token);
      const outcome = await this.tokens.revoke(id, at);
      if (outcome === 'revoked') await this.events.append([tokenEvent(id, 'ApiTokenRevoked', at, actor, token?.name)]);
      if (outcome !== null) await this.answers.keep(204, () => undefined);
      return outcome;
    });
    if (revoked === null)
      throw new ProblemError({
        code: 'NOT_FOUND',
        detail: `there is no api token ${id}`,
        hint: 'GET /v1/api-tokens lists them',
      });
    this.logger.log({ msg: 'an api token was revoked', tokenId: id, by: actor.by, from: actor.from });
  }

  /** Without it nobody could make tokens, or revoke any: neither by another token that is good for long enough, nor by the issuer. */
  private async isNeeded({ id, role, revokedAt, expiresAt }: ApiTokenRecord, at: EpochMs): Promise<boolean> {
    const isAdministrator = role === 'admin' && revokedAt === null && (expiresAt === null || expiresAt > at);
    return (
      isAdministrator &&
      !this.issuerHasAdministrators &&
      !(await this.tokens.keepAnotherAdministrator(id, at + LONG_ENOUGH_MS))
    );
  }
}

function nameTaken(name: string): ProblemError {
  return new ProblemError({
    code: 'TOKEN_NAME_TAKEN',
    detail: `another token that works is named ${name}`,
    field: 'name',
    hint: 'Choose another name, or revoke that one first: rollcall api-token list',
  });
}

function lastAdministrator({ id, name }: ApiTokenRecord): ProblemError {
  return new ProblemError({
    code: 'LAST_ADMINISTRATOR',
    detail: `${name} (${id}) is the last token of an administrator that is good for another day`,
    hint: 'Make another one first: rollcall api-token create NAME --role admin',
  });
}

function shown({
  id,
  name,
  role,
  createdAt,
  createdBy,
  expiresAt,
  lastUsedAt,
  revokedAt,
}: ApiTokenRecord): z.infer<typeof apiTokenSchema> {
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
