import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { formatDuration, parseDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import type {
  createJoinTokenRequestSchema,
  createJoinTokenResponseSchema,
  joinTokenPageSchema,
  joinTokenSchema,
  tokenListQuerySchema,
  tokenUsePageSchema,
  tokenUseSchema,
} from '../../contract/schemas/tokens.js';
import { InstallInstructions } from '../installation/install-instructions.js';
import { Clock } from '../mechanics/clock.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { EventStore, type RecordedEvent } from '../record/event-store.js';
import { tokenEvent } from '../record/node-event.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import type { Actor } from '../auth/caller.js';
import { mintToken } from '../auth/secret-token.js';
import { TokenStore, type TokenRecord } from '../auth/token-store.js';

type JoinToken = z.infer<typeof joinTokenSchema>;

/** Join tokens: creation, lists, uses, revocation. */
@Injectable()
export class JoinTokens {
  private readonly logger = new Logger(JoinTokens.name);

  constructor(
    private readonly tokens: TokenStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly install: InstallInstructions,
    private readonly clock: Clock,
  ) {}

  /** @param origin the origin of the request; see InstallInstructions */
  async create(
    request: z.output<typeof createJoinTokenRequestSchema>,
    actor: Actor,
    origin: string,
  ): Promise<z.infer<typeof createJoinTokenResponseSchema>> {
    const { description, maxUses, expiresIn, labels, namePattern = null, autoApprove = null, removeAfter } = request;
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
      namePattern,
      autoApprove,
      removeAfterMs: removeAfter === undefined ? null : (parseDuration(removeAfter) ?? null),
      nodeUid: null,
      createdAt: at,
      createdBy: actor.by,
      revokedAt: null,
    };
    const response = {
      joinToken: shown(record),
      token: text,
      install: await this.install.of(origin, undefined, text),
    };
    await this.unit.run(async () => {
      await this.tokens.create(record);
      await this.events.append([tokenEvent(id, 'JoinTokenCreated', at, actor, summaryOf(record))]);
      await this.answers.keep(201, () => response);
    });
    this.logger.log({ msg: 'a join token was made', tokenId: id, by: actor.by, from: actor.from });
    return response;
  }

  /** @throws BadCursor */
  async list(page: z.output<typeof tokenListQuerySchema>): Promise<z.infer<typeof joinTokenPageSchema>> {
    const { items, nextCursor } = await this.tokens.listJoinTokens(page);
    return { items: items.map(shown), nextCursor };
  }

  /** @throws ProblemError NOT_FOUND */
  async get(id: string): Promise<JoinToken> {
    const token = await this.tokens.findJoinToken(id);
    if (token === null) throw unknownJoinToken(id);
    return shown(token);
  }

  /**
   * Nodes that joined with it, latest first.
   * @throws ProblemError NOT_FOUND, or BadCursor
   */
  async uses(id: string, page: z.output<typeof tokenListQuerySchema>): Promise<z.infer<typeof tokenUsePageSchema>> {
    if ((await this.tokens.findJoinToken(id)) === null) throw unknownJoinToken(id);
    const { items, nextCursor } = await this.events.audit({ ...page, types: ['NodeJoined'], token: id });
    return { items: items.flatMap(useOf), nextCursor };
  }

  /** @throws ProblemError NOT_FOUND */
  async revoke(id: string, actor: Actor): Promise<void> {
    const at = this.clock.now();
    const revoked = await this.unit.run(async () => {
      const outcome = await this.tokens.revokeJoinToken(id, at);
      if (outcome === 'revoked') await this.events.append([tokenEvent(id, 'JoinTokenRevoked', at, actor)]);
      if (outcome !== null) await this.answers.keep(204, () => undefined);
      return outcome;
    });
    if (revoked === null) throw unknownJoinToken(id);
    this.logger.log({ msg: 'a join token was revoked', tokenId: id, by: actor.by, from: actor.from });
  }
}

function unknownJoinToken(id: string): ProblemError {
  return new ProblemError({
    code: 'NOT_FOUND',
    detail: `there is no join token ${id}`,
    hint: 'See: rollcall join-token list',
  });
}

/** Summary of a token for the audit. */
function summaryOf({ description, maxUses, namePattern, removeAfterMs }: TokenRecord): string {
  const limits = [
    `${maxUses} ${maxUses === 1 ? 'use' : 'uses'}`,
    ...(namePattern === null ? [] : [`nodes named ${namePattern}`]),
    ...(removeAfterMs === null ? [] : [`ephemeral nodes, removed after ${formatDuration(removeAfterMs)}`]),
  ].join(', ');
  return description === '' ? limits : `${description} (${limits})`;
}

function useOf({ node, uid, at, from }: RecordedEvent): z.infer<typeof tokenUseSchema>[] {
  return node === null || uid === null ? [] : [{ node, uid, at: isoTime(at), from }];
}

function shown(record: TokenRecord): JoinToken {
  const { id, description, uses, maxUses, labels, namePattern, autoApprove, removeAfterMs, createdBy } = record;
  return {
    id,
    description,
    uses,
    maxUses,
    labels,
    namePattern,
    autoApprove,
    removeAfter: removeAfterMs === null ? null : formatDuration(removeAfterMs),
    createdBy,
    expiresAt: isoTime(record.expiresAt),
    revoked: record.revokedAt !== null,
    createdAt: isoTime(record.createdAt),
  };
}
