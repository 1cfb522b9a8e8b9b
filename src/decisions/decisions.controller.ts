import { Body, Controller, Delete, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import { ADMIN_ACTIONS, nodeAction, type AdminAction } from '../../contract/node-actions.js';
import { nodeName } from '../../contract/schemas/common.js';
import {
  DECISION_SCHEMAS,
  decisionResponseSchema,
  type DecisionRequest,
} from '../../contract/schemas/node-decisions.js';
import { refusalsOf } from '../../contract/transitions.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { CallersReach, type Reach } from '../auth/reach.js';
import { CallersLifetime, type Lifetime } from '../auth/lifetime.js';
import { Operation } from '../http/operation.decorator.js';
import { DecisionService } from './decision.service.js';

/** Answers shared by all actions. */
const ANSWERS = {
  200: { description: 'the decision is applied', schema: decisionResponseSchema },
  202: {
    description: 'the decision is committed and in force; its process is under way',
    schema: decisionResponseSchema,
  },
};

/** Routes of decisions about nodes: a controller for each row of NODE_ACTIONS. `?wait=5s` waits for the decision to be applied. */
export const DECISION_CONTROLLERS = ADMIN_ACTIONS.map(decisionController);

function decisionController(action: AdminAction) {
  const { http, role, body: kind } = nodeAction(action);
  const { query: querySchema, body: bodySchema } = DECISION_SCHEMAS[kind];
  const Route = () => (http.method === 'delete' ? Delete() : Post(action));
  const Said = () => (bodySchema === undefined ? () => undefined : Body({ schema: bodySchema }));
  const refuses = new Set([
    ...(['NODE_NOT_FOUND', 'NODE_IS_REQUESTER', 'DECISION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED'] as const),
    ...refusalsOf(action),
  ]);

  @ApiTags('nodes')
  @Controller('v1/nodes/:id')
  class DecisionController {
    constructor(private readonly decisions: DecisionService) {}

    /** `approveNode` for `approve`: clients name their functions after it. */
    @Route()
    @HttpCode(202)
    @Roles(role, 'nodes')
    @Operation({ summary: http.summary, answers: ANSWERS, refuses: [...refuses] })
    async [`${action}Node`](
      @Param('id', { schema: nodeName }) id: string,
      @Said() body: DecisionRequest | undefined,
      @Query({ schema: querySchema }) query: DecisionRequest,
      @Acting() actor: Actor,
      @CallersReach() reach: Reach,
      @CallersLifetime() { ended }: Lifetime,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<z.infer<typeof decisionResponseSchema>> {
      const {
        wait = '0',
        message = '',
        reason = message,
        deadline,
        onDeadline,
        at,
        until,
        force,
      } = { ...query, ...body };
      const outcome = await this.decisions.decide(id, action, {
        actor,
        reach,
        reason,
        waitMs: parseDuration(wait) ?? 0,
        ended,
        patienceMs: deadline === undefined ? undefined : parseDuration(deadline),
        onDeadline,
        at: at === undefined ? undefined : Date.parse(at),
        until: until === undefined ? undefined : Date.parse(until),
        force: force === 'true',
        despiteChecks: true,
      });
      reply.status(outcome.applied ? 200 : 202);
      return outcome;
    }
  }
  return DecisionController;
}
