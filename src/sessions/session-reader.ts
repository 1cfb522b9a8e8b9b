import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ENDED_SESSION_STATES, SESSION_STATES, type SessionState } from '../../contract/sessions.js';
import { asList } from '../../contract/schemas/common.js';
import type { Session, sessionListQuerySchema, sessionPageSchema } from '../../contract/schemas/sessions.js';
import { Clock } from '../mechanics/clock.js';
import { Places } from '../auth/places.js';
import { SessionChanges } from './session-changes.js';
import { sessionAmbiguous, sessionNotFound } from './session-problems.js';
import { isLive, type SessionRecord } from './session-record.js';
import { SessionStore } from './session-store.js';
import { sessionView } from './session-view.js';

/** Maximum number of waiting requests, each of which holds a connection: in total, and per caller. */
const WAITING = { all: 2_000, each: 200 };
const ENDED: readonly SessionState[] = ENDED_SESSION_STATES;

/** How long to wait for a session's end, and for whom. */
export interface SessionWait {
  waitMs: number;
  principal: string;
  ended: AbortSignal;
}

/** Sessions as people see them. */
@Injectable()
export class SessionReader {
  private readonly waiting = new Places(WAITING);

  constructor(
    private readonly store: SessionStore,
    private readonly changes: SessionChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * Finds a session by id; where several have the same, the live one.
   * @throws ProblemError SESSION_NOT_FOUND, SESSION_AMBIGUOUS where several are live
   */
  async find(id: string): Promise<SessionRecord> {
    const records = await this.store.findById(id);
    const live = records.filter(isLive);
    if (live.length > 1) throw sessionAmbiguous(id, live);
    const [record] = records;
    if (record === undefined) throw sessionNotFound(id);
    return record;
  }

  /**
   * @param wait.waitMs how long to wait for its end, in milliseconds
   * @throws ProblemError SESSION_NOT_FOUND, SESSION_AMBIGUOUS, TOO_MANY_REQUESTS where too many wait; the reason of `ended`, once that is aborted
   */
  async get(id: string, { waitMs, principal, ended }: SessionWait): Promise<Session> {
    const found = await this.find(id);
    if (waitMs === 0 || ENDED.includes(found.state)) return this.view(found);
    const leave = this.waiting.take(principal, 'wait for sessions');
    try {
      return this.view(await this.whenEnded(found, waitMs, ended));
    } finally {
      leave();
    }
  }

  /** @throws BadCursor */
  async list({
    state,
    live,
    node,
    principal,
    kind,
    cursor,
    limit,
  }: z.output<typeof sessionListQuerySchema>): Promise<z.infer<typeof sessionPageSchema>> {
    const wanted: readonly SessionState[] = asList(state) ?? SESSION_STATES;
    const states = live === undefined ? wanted : wanted.filter((one) => ENDED.includes(one) === (live === 'false'));
    const page = await this.store.list({
      limit,
      ...(states.length === SESSION_STATES.length ? {} : { states }),
      ...(node === undefined ? {} : { node }),
      ...(principal === undefined ? {} : { principal }),
      ...(kind === undefined ? {} : { kind }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: page.items.map((record) => this.view(record)), nextCursor: page.nextCursor };
  }

  view(record: SessionRecord): Session {
    return sessionView(record, this.clock.now());
  }

  private async whenEnded(found: SessionRecord, waitMs: number, ended: AbortSignal): Promise<SessionRecord> {
    const until = this.clock.now() + waitMs;
    const listening = this.changes.listen(`session ${found.key}`);
    try {
      for (let record = found; ;) {
        record = (await this.store.findByKey(found.key)) ?? record;
        const leftMs = until - this.clock.now();
        if (ENDED.includes(record.state) || leftMs <= 0 || this.changes.isOver) return record;
        await listening.heard(leftMs, ended);
      }
    } finally {
      listening.close();
    }
  }
}
