import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  createDrainRequestSchema,
  drainSetId,
  drainSetListQuerySchema,
  drainSetPageSchema,
  drainSetSchema,
  type DrainSet,
} from '../../contract/schemas/drains.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { CallersReach, type Reach } from '../auth/reach.js';
import { Operation } from '../http/operation.decorator.js';
import { DRAIN } from './drain-set-kinds.js';
import { DrainSets } from './drain-sets.js';

const ANSWER = {
  200: { description: 'it is written down and in force; its workflow follows', schema: drainSetSchema },
};

/** Drains of whole sets of nodes. */
@ApiTags('nodes')
@Controller('v1/drains')
export class DrainSetsController {
  constructor(private readonly drains: DrainSets) {}

  @Post()
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Drain all nodes with these labels, or these nodes, at most so many at once',
    description:
      'The nodes are those that have the labels now, or that are named. Each is deactivated in its turn, as by POST /v1/nodes/{id}/deactivate.',
    answers: { 201: { description: 'the drain; its nodes are begun one after the other', schema: drainSetSchema } },
    refuses: ['NO_NODE_MATCHES', 'IDEMPOTENCY_KEY_REUSED'],
  })
  createDrain(
    @Body({ schema: createDrainRequestSchema }) request: z.output<typeof createDrainRequestSchema>,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<DrainSet> {
    return this.drains.create(DRAIN, request, { actor, reach });
  }

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List drains, the latest first',
    answers: { 200: { description: 'one page of drains', schema: drainSetPageSchema } },
  })
  listDrains(
    @Query({ schema: drainSetListQuerySchema }) query: z.output<typeof drainSetListQuerySchema>,
  ): Promise<z.infer<typeof drainSetPageSchema>> {
    return this.drains.list(DRAIN, query);
  }

  @Get(':id')
  @Roles('viewer')
  @Operation({
    summary: 'Describe a drain',
    answers: { 200: { description: 'the drain, with each of its nodes', schema: drainSetSchema } },
    refuses: ['NOT_FOUND'],
  })
  getDrain(@Param('id', { schema: drainSetId }) id: string): Promise<DrainSet> {
    return this.drains.get(DRAIN, id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Begin no further node; those that drain go on',
    answers: ANSWER,
    refuses: ['NOT_FOUND', 'DRAIN_ENDED', 'DECISION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED'],
  })
  pauseDrain(
    @Param('id', { schema: drainSetId }) id: string,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<DrainSet> {
    return this.drains.rule(DRAIN, id, 'pause', { actor, reach });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Go on with a drain that was paused',
    answers: ANSWER,
    refuses: ['NOT_FOUND', 'DRAIN_ENDED', 'DECISION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED'],
  })
  resumeDrain(
    @Param('id', { schema: drainSetId }) id: string,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<DrainSet> {
    return this.drains.rule(DRAIN, id, 'resume', { actor, reach });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Begin no further node, and activate again those that still drain; drained ones stay so',
    answers: ANSWER,
    refuses: ['NOT_FOUND', 'DRAIN_ENDED', 'DECISION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED'],
  })
  cancelDrain(
    @Param('id', { schema: drainSetId }) id: string,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<DrainSet> {
    return this.drains.rule(DRAIN, id, 'cancel', { actor, reach });
  }
}
