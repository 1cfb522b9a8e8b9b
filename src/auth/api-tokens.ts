import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import type {
  apiTokenPageSchema,
  apiTokenSchema,
  createApiTokenRequestSchema,
  createApiTokenResponseSchema,
  rotateApiTokenRequestSchema,
  tokenListQuerySchema,
} from '../../contract/schemas/tokens.js';
import { grantText, parseGrant, type RoleGrant } from '../../contract/grants.js';
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

/** Minimum remaining lifetime of the last administrator's token, in milliseconds, to make another one. */
const LONG_ENOUGH_MS = 86_400_000;

/** Api tokens: creation, rotation, lists, revocation. */
@Injectable()
export class ApiTokens {
  private readonly logger = new Logger(ApiTokens.name);
  /** Whether the issuer maps somebody to admin, so that no api token is needed. */
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
    this.issuerHasAdministrators =
      Issuer !== undefined && Object.values(RoleMapping).some((text) => administers(parseGrant(text)));
  }

  /** @throws ProblemError TOKEN_NAME_TAKEN */
  async create(
    request: z.output<typeof createApiTokenRequestSchema>,
    actor: Actor,
  ): Promise<z.infer<typeof createApiTokenResponseSchema>> {
    const { name, role, scope, expiresIn } = request;
    const { id, secretHash, text } = mintToken('rca');
    const at = this.clock.now();
    const expiresAt = at + (parseDuration(expiresIn) ?? 0);
    const record: ApiTokenRecord = {
      id,
      name,
      ...(scope === undefined || role === 'viewer' ? { role } : { role: 'viewer', grant: { role, scope } }),
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
      await this.events.append([tokenEvent(id, 'ApiTokenCreated', at, actor, `${name}, role ${grantText(request)}`)]);
      await this.answers.keep(201, () => response);
    });
    await made.catch((error: unknown) => {
      throw error instanceof TokenNameTaken ? nameTaken(error.tokenName) : error;
    });
    this.logger.log({ msg: 'an api token was made', tokenId: id, name, role, scope, by: actor.by, from: actor.from });
    return response;
  }

  /**
   * Gives a token another secret; the former one stays valid for a while.
   * @throws ProblemError NOT_FOUND, TOKEN_ENDED; LAST_ADMINISTRATOR where nobody could administer the cluster in a day
   */
  async rotate(
    id: string,
    request: z.output<typeof rotateApiTokenRequestSchema>,
    actor: Actor,
  ): Promise<z.infer<typeof createApiTokenResponseSchema>> {
    const { text, secretHash } = mintToken('rca', id);
    const at = this.clock.now();
    const until = at + (parseDuration(request.overlap) ?? 0);
    const rotated = await this.unit.run(async () => {
      const token = await this.tokens.find(id);
      if (token === null) throw unknownApiToken(id);
      if (token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= at)) throw hasEnded(token);
      const former = { secretHash: token.secretHash, until: Math.min(until, token.expiresAt ?? Infinity) };
      const expiresAt = at + (parseDuration(request.expiresIn) ?? 0);
      if (expiresAt < at + LONG_ENOUGH_MS && (await this.isNeeded(token, at))) throw lastAdministrator(token);
      const after = await this.tokens.rotate(id, token.secretHash, { secretHash, expiresAt, former });
      if (after === null) throw hasEnded(token);
      const reason = `${token.name}, the secret of before works for ${request.overlap}`;
      await this.events.append([tokenEvent(id, 'ApiTokenRotated', at, actor, reason)]);
      await this.answers.keep(201, () => ({ apiToken: shown(after), token: text }));
      return after;
    });
    this.logger.log({ msg: 'an api token was rotated', tokenId: id, by: actor.by, from: actor.from });
    return { apiToken: shown(rotated), token: text };
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
    if (revoked === null) throw unknownApiToken(id);
    this.logger.log({ msg: 'an api token was revoked', tokenId: id, by: actor.by, from: actor.from });
  }

  /** Whether nobody could administer the cluster without it: neither by another token that is valid for long enough, nor by the issuer. */
  private async isNeeded({ id, role, revokedAt, expiresAt }: ApiTokenRecord, at: EpochMs): Promise<boolean> {
    const isAdministrator = role === 'admin' && revokedAt === null && (expiresAt === null || expiresAt > at);
    return (
      isAdministrator &&
      !this.issuerHasAdministrators &&
      !(await this.tokens.keepAnotherAdministrator(id, at + LONG_ENOUGH_MS))
    );
  }
}

/** Scoped admins cannot create tokens. */
function administers(grant: RoleGrant | string): boolean {
  return typeof grant !== 'string' && grant.role === 'admin' && grant.scope === undefined;
}

function unknownApiToken(id: string): ProblemError {
  return new ProblemError({
    code: 'NOT_FOUND',
    detail: `there is no api token ${id}`,
    hint: 'GET /v1/api-tokens lists them',
  });
}

function hasEnded({ id, name }: ApiTokenRecord): ProblemError {
  return new ProblemError({
    code: 'TOKEN_ENDED',
    detail: `the api token ${name} (${id}) is revoked or expired, or was rotated at the same moment`,
    hint: 'Look at it: rollcall api-token list. For one that ended: rollcall api-token create NAME --role ROLE',
  });
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
  grant,
  createdAt,
  createdBy,
  expiresAt,
  lastUsedAt,
  former,
  revokedAt,
}: ApiTokenRecord): z.infer<typeof apiTokenSchema> {
  return {
    id,
    name,
    role: grant?.role ?? role,
    scope: grant?.scope ?? null,
    createdAt: isoTime(createdAt),
    createdBy,
    expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    lastUsedAt: lastUsedAt === null ? null : isoTime(lastUsedAt),
    formerUntil: former === undefined ? null : isoTime(former.until),
    revoked: revokedAt !== null,
  };
}
