import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import {
  openSessionRequestSchema,
  sessionId,
  sessionListQuerySchema,
  sessionPageSchema,
  sessionQuerySchema,
  sessionSchema,
  terminateSessionQuerySchema,
  type OpenSessionRequest,
  type Session,
} from '../../contract/schemas/sessions.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, CallingAdministrator, type Actor, type Administrator } from '../auth/caller.js';
import { CallersLifetime, type Lifetime } from '../auth/lifetime.js';
import { CallersReach, type Reach } from '../auth/reach.js';
import { Operation } from '../http/operation.decorator.js';
import { SessionOpening } from './session-opening.js';
import { SessionReader } from './session-reader.js';
import { SessionTermination } from './session-termination.js';

/** Sessions, wherever they run. */
@ApiTags('sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly opening: SessionOpening,
    private readonly reader: SessionReader,
    private readonly termination: SessionTermination,
  ) {}

  @Post()
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Open a session on a node that has room for it',
    description: 'A dry run answers with the node that would be asked first; none is asked.',
    answers: {
      201: { description: 'the session: a node has a place for it, and is told at once', schema: sessionSchema },
    },
    refuses: ['NO_NODE_FITS', 'IDEMPOTENCY_KEY_REUSED'],
  })
  openSession(
    @Body({ schema: openSessionRequestSchema }) request: OpenSessionRequest,
    @CallingAdministrator() administrator: Administrator,
    @CallersReach() reach: Reach,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Session> {
    return this.opening.open(request, { administrator, reach }, key);
  }

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List sessions, the latest first',
    answers: { 200: { description: 'one page of sessions, without queries and previews', schema: sessionPageSchema } },
  })
  listSessions(
    @Query({ schema: sessionListQuerySchema }) query: z.output<typeof sessionListQuerySchema>,
  ): Promise<z.infer<typeof sessionPageSchema>> {
    return this.reader.list(query);
  }

  @Get(':id')
  @Roles('viewer')
  @Operation({
    summary: 'Describe one session',
    description: 'With ?wait=30s the answer comes when the session has ended, or when that time has passed.',
    answers: { 200: { description: 'the session', schema: sessionSchema } },
    refuses: ['SESSION_NOT_FOUND', 'SESSION_AMBIGUOUS'],
  })
  getSession(
    @Param('id', { schema: sessionId }) id: string,
    @Query({ schema: sessionQuerySchema }) { wait }: z.output<typeof sessionQuerySchema>,
    @CallingAdministrator() { principal }: Administrator,
    @CallersLifetime() { ended }: Lifetime,
  ): Promise<Session> {
    return this.reader.get(id, { waitMs: parseDuration(wait) ?? 0, principal, ended });
  }

  @Delete(':id')
  @HttpCode(202)
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Terminate a session: its node is told at once',
    answers: { 202: { description: 'the session, which is about to end', schema: sessionSchema } },
    refuses: [
      'SESSION_NOT_FOUND',
      'SESSION_AMBIGUOUS',
      'SESSION_BEING_PLACED',
      'SESSION_ENDED',
      'IDEMPOTENCY_KEY_REUSED',
    ],
  })
  terminateSession(
    @Param('id', { schema: sessionId }) id: string,
    @Query({ schema: terminateSessionQuerySchema }) { reason = '' }: z.output<typeof terminateSessionQuerySchema>,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<Session> {
    return this.termination.terminate(id, { actor, reach, reason });
  }
}
