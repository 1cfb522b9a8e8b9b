import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OpenSessionRequest, Session } from '../../contract/schemas/sessions.js';
import { DEFAULT_SESSION_RESOURCES, shortenedStatement, type SessionResources } from '../../contract/sessions.js';
import type { EpochMs } from '../../contract/states.js';
import type { Administrator } from '../auth/caller.js';
import type { Reach } from '../auth/reach.js';
import { Clock } from '../mechanics/clock.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { SessionPlacement } from './placement/session-placement.js';
import { SessionReader } from './session-reader.js';
import { BEFORE_ITS_BEGIN, type SessionRecord } from './session-record.js';
import { SessionStore } from './session-store.js';

/** How long an Idempotency-Key identifies a request, in milliseconds. */
const DAY_MS = 86_400_000;

/** Who asks, and their reach. */
interface AskingForSession {
  administrator: Administrator;
  reach: Reach;
}

/** Opens sessions. Each has a record before any node is asked, so that a failure on the way leaves a trace. */
@Injectable()
export class SessionOpening {
  constructor(
    private readonly store: SessionStore,
    private readonly placement: SessionPlacement,
    private readonly reader: SessionReader,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
  ) {}

  /**
   * @param key the request's Idempotency-Key
   * @throws ProblemError NO_NODE_FITS, UNAVAILABLE where no node could be asked
   */
  async open(
    request: OpenSessionRequest,
    { administrator, reach }: AskingForSession,
    key: string | undefined,
  ): Promise<Session> {
    const at = this.clock.now();
    const wanted = newSession(
      key === undefined ? randomUUID() : sessionIdFor(administrator.principal, key),
      request,
      administrator.name,
      at,
    );
    if (this.answers.isDryRun) return this.tryOut(wanted, request, reach);
    let session = await this.store.create(wanted);
    // The key belongs to an older request, which has expired.
    if (session.openedAt < at - DAY_MS) session = await this.store.create({ ...wanted, ...named(randomUUID()) });
    if (session.state !== 'PLACING') return this.reader.view(session);
    return this.place(session, request, reach);
  }

  /** A dry run: ranks the nodes, and asks none of them. */
  private async tryOut(session: SessionRecord, { strategy }: OpenSessionRequest, reach: Reach): Promise<Session> {
    const outcome = await this.placement.preview(session, strategy, reach);
    if ('none' in outcome) throw noNodeFits(outcome.none, reach);
    const assigned: SessionRecord = { ...session, state: 'ASSIGNED', node: outcome.best };
    await this.answers.keep(201, () => this.reader.view(assigned));
    return this.reader.view(assigned);
  }

  private async place(session: SessionRecord, { strategy }: OpenSessionRequest, reach: Reach): Promise<Session> {
    const outcome = await this.placement.place(session, strategy, reach);
    if ('none' in outcome) {
      await this.store.fail(session.key, outcome.none, this.clock.now());
      throw noNodeFits(outcome.none, reach);
    }
    if ('unavailable' in outcome) {
      await this.store.fail(session.key, outcome.unavailable, this.clock.now());
      throw new ProblemError({
        code: 'UNAVAILABLE',
        detail: `no node could be asked: ${outcome.unavailable}`,
        hint: 'Try again in a moment; /readyz tells when Temporal is back',
      });
    }
    return this.reader.view((await this.store.findByKey(session.key)) ?? session);
  }
}

/** Nodes outside of the caller's scopes are no use to them, so the hint names those within. */
function noNodeFits(detail: string, { scopes }: Reach): ProblemError {
  const filter = scopes?.length === 1 ? ` -l ${scopes[0]?.join(',')}` : '';
  const instead = scopes === undefined ? 'for other labels' : 'use a token or a login that may use other nodes';
  return new ProblemError({
    code: 'NO_NODE_FITS',
    detail,
    hint: `See: rollcall node list${filter}; or ask for less, or ${instead}`,
  });
}

function newSession(
  id: string,
  { principal, sql, resources, labels }: OpenSessionRequest,
  openedBy: string,
  at: EpochMs,
): SessionRecord {
  return {
    ...named(id),
    kind: 'managed',
    principal,
    statement: shortenedStatement(sql),
    sql,
    state: 'PLACING',
    reason: '',
    node: null,
    resources: withDefaults(resources),
    labels,
    openedBy,
    openedAt: at,
    ...BEFORE_ITS_BEGIN,
  };
}

function named(id: string): { key: string; id: string } {
  return { key: id, id };
}

function withDefaults({ cpu, memory, disk, gpu }: OpenSessionRequest['resources']): SessionResources {
  const defaults = DEFAULT_SESSION_RESOURCES;
  return {
    cpu: cpu ?? defaults.cpu,
    memory: memory ?? defaults.memory,
    disk: disk ?? defaults.disk,
    gpu: gpu ?? defaults.gpu,
  };
}

/** Derives the session's id from the caller and the Idempotency-Key, so that repeated requests open one session. */
function sessionIdFor(principal: string, idempotencyKey: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['session', principal, idempotencyKey]))
    .digest()
    .subarray(0, 16);
  // Version 8 of RFC 9562: a UUID with custom content.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
