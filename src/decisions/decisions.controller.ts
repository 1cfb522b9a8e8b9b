import { Body, Controller, Delete, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import type { ErrorCode } from '../../contract/errors.js';
import { nodeName } from '../../contract/schemas/common.js';
import {
  decisionRequestSchema,
  decisionResponseSchema,
  deleteNodeQuerySchema,
  drainRequestSchema,
  rejectRequestSchema,
  waitQuerySchema,
} from '../../contract/schemas/nodes.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { CallersLifetime, type Lifetime } from '../auth/lifetime.js';
import { Operation } from '../http/operation.decorator.js';
import { DecisionService, type DecisionOutcome } from './decision.service.js';

type WaitQuery = z.output<typeof waitQuerySchema>;
type DecisionResponse = z.infer<typeof decisionResponseSchema>;

/** A decision's answers are the same for every action. */
function decisionOperation(summary: string, ...refuses: ErrorCode[]) {
  return Operation({
    summary,
    answers: {
      200: { description: 'the decision is applied', schema: decisionResponseSchema },
      202: {
        description: 'the decision is committed and in force; its process is under way',
        schema: decisionResponseSchema,
      },
    },
    refuses: ['NODE_NOT_FOUND', 'NODE_IS_REQUESTER', 'DECISION_CONFLICT', ...refuses],
  });
}

/** What administrators decide about a node. `?wait=5s` waits for the decision to be applied. */
@ApiTags('nodes')
@Controller('v1/nodes/:id')
export class DecisionsController {
  constructor(private readonly decisions: DecisionService) {}

  @Post('approve')
  @HttpCode(202)
  @Roles('operator')
  @decisionOperation('Approve a node', 'IDEMPOTENCY_KEY_REUSED', 'NODE_NOT_JOINED', 'NODE_ALREADY_APPROVED')
  async approveNode(
    @Param('id', { schema: nodeName }) id: string,
    @Body({ schema: decisionRequestSchema.prefault({}) }) { reason }: z.output<typeof decisionRequestSchema>,
    @Query({ schema: waitQuerySchema }) query: WaitQuery,
    @Acting() actor: Actor,
    @CallersLifetime() { ended }: Lifetime,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DecisionResponse> {
    return answer(reply, await this.decisions.decide(id, 'approve', { actor, reason, waitMs: waitOf(query), ended }));
  }

  @Post('reject')
  @HttpCode(202)
  @Roles('operator')
  @decisionOperation(
    'Reject a node; the message reaches it',
    'IDEMPOTENCY_KEY_REUSED',
    'NODE_NOT_JOINED',
    'NODE_REJECTED',
  )
  async rejectNode(
    @Param('id', { schema: nodeName }) id: string,
    @Body({ schema: rejectRequestSchema.prefault({}) }) { message }: z.output<typeof rejectRequestSchema>,
    @Query({ schema: waitQuerySchema }) query: WaitQuery,
    @Acting() actor: Actor,
    @CallersLifetime() { ended }: Lifetime,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DecisionResponse> {
    return answer(
      reply,
      await this.decisions.decide(id, 'reject', { actor, reason: message, waitMs: waitOf(query), ended }),
    );
  }

  @Post('activate')
  @HttpCode(202)
  @Roles('operator')
  @decisionOperation(
    'Activate a node: approves a pending one, cancels a drain, brings a drained one back',
    'IDEMPOTENCY_KEY_REUSED',
    'NODE_NOT_JOINED',
    'NODE_ALREADY_ACTIVE',
    'NODE_REJECTED',
  )
  async activateNode(
    @Param('id', { schema: nodeName }) id: string,
    @Body({ schema: decisionRequestSchema.prefault({}) }) { reason }: z.output<typeof decisionRequestSchema>,
    @Query({ schema: waitQuerySchema }) query: WaitQuery,
    @Acting() actor: Actor,
    @CallersLifetime() { ended }: Lifetime,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DecisionResponse> {
    return answer(reply, await this.decisions.decide(id, 'activate', { actor, reason, waitMs: waitOf(query), ended }));
  }

  @Post('deactivate')
  @HttpCode(202)
  @Roles('operator')
  @decisionOperation(
    'Drain a node: no new sessions, running ones finish',
    'IDEMPOTENCY_KEY_REUSED',
    'NODE_NOT_JOINED',
    'NODE_NOT_APPROVED',
    'NODE_REJECTED',
    'NODE_DRAINING',
    'NODE_DRAINED',
  )
  async deactivateNode(
    @Param('id', { schema: nodeName }) id: string,
    @Body({ schema: drainRequestSchema.prefault({}) }) drain: z.output<typeof drainRequestSchema>,
    @Query({ schema: waitQuerySchema }) query: WaitQuery,
    @Acting() actor: Actor,
    @CallersLifetime() { ended }: Lifetime,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DecisionResponse> {
    return answer(
      reply,
      await this.decisions.decide(id, 'deactivate', { actor, waitMs: waitOf(query), ended, ...drainOf(drain) }),
    );
  }

  @Post('decommission')
  @HttpCode(202)
  @Roles('operator')
  @decisionOperation(
    'Drain a node, then remove it, as one durable process',
    'IDEMPOTENCY_KEY_REUSED',
    'NODE_NOT_JOINED',
    'NODE_NOT_APPROVED',
    'NODE_REJECTED',
  )
  async decommissionNode(
    @Param('id', { schema: nodeName }) id: string,
    @Body({ schema: drainRequestSchema.prefault({}) }) drain: z.output<typeof drainRequestSchema>,
    @Query({ schema: waitQuerySchema }) query: WaitQuery,
    @Acting() actor: Actor,
    @CallersLifetime() { ended }: Lifetime,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DecisionResponse> {
    return answer(
      reply,
      await this.decisions.decide(id, 'decommission', { actor, waitMs: waitOf(query), ended, ...drainOf(drain) }),
    );
  }

  @Delete()
  @HttpCode(202)
  @Roles('operator')
  @decisionOperation(
    'Remove a node for good: its credential stops working at once',
    'IDEMPOTENCY_KEY_REUSED',
    'NODE_HAS_SESSIONS',
  )
  async deleteNode(
    @Param('id', { schema: nodeName }) id: string,
    @Query({ schema: deleteNodeQuerySchema }) query: z.output<typeof deleteNodeQuerySchema>,
    @Acting() actor: Actor,
    @CallersLifetime() { ended }: Lifetime,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DecisionResponse> {
    const { force, reason = '' } = query;
    return answer(
      reply,
      await this.decisions.decide(id, 'remove', {
        actor,
        reason,
        waitMs: waitOf(query),
        ended,
        force: force === 'true',
      }),
    );
  }
}

function answer(reply: FastifyReply, outcome: DecisionOutcome): DecisionResponse {
  reply.status(outcome.applied ? 200 : 202);
  return outcome;
}

function waitOf(query: WaitQuery): number {
  return parseDuration(query.wait ?? '0') ?? 0;
}

function drainOf({ reason, deadline, onDeadline }: z.output<typeof drainRequestSchema>) {
  return { reason, onDeadline, patienceMs: deadline === undefined ? undefined : parseDuration(deadline) };
}
