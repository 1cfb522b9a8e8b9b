import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nodeName } from '../../contract/schemas/common.js';
import {
  sessionCacheSchema,
  sessionId,
  sessionSchema,
  terminateSessionQuerySchema,
  type Session,
} from '../../contract/schemas/sessions.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { CallersReach, type Reach } from '../auth/reach.js';
import { Operation } from '../http/operation.decorator.js';
import { SessionCacheReader } from './session-cache-reader.js';
import { SessionTermination } from './session-termination.js';

@ApiTags('sessions')
@Controller('v1/nodes/:id/sessions')
export class NodeSessionsController {
  constructor(
    private readonly cache: SessionCacheReader,
    private readonly termination: SessionTermination,
  ) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'The sessions that a node has',
    answers: {
      200: {
        description: "from the node's workflow, or from the record where it does not answer",
        schema: sessionCacheSchema,
      },
    },
    refuses: ['NODE_NOT_FOUND'],
  })
  listNodeSessions(@Param('id', { schema: nodeName }) id: string): Promise<z.infer<typeof sessionCacheSchema>> {
    return this.cache.read(id);
  }

  @Delete(':sessionId')
  @HttpCode(202)
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Terminate a session of this node',
    answers: { 202: { description: 'the session, which is about to end', schema: sessionSchema } },
    refuses: ['NODE_NOT_FOUND', 'SESSION_NOT_FOUND', 'SESSION_ENDED', 'IDEMPOTENCY_KEY_REUSED'],
  })
  terminateNodeSession(
    @Param('id', { schema: nodeName }) node: string,
    @Param('sessionId', { schema: sessionId }) id: string,
    @Query({ schema: terminateSessionQuerySchema }) { reason = '' }: z.output<typeof terminateSessionQuerySchema>,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<Session> {
    return this.termination.terminateOnNode(node, id, { actor, reach, reason });
  }
}
