import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  agentUpdatePageSchema,
  agentUpdateSchema,
  createAgentUpdateRequestSchema,
  drainSetId,
  drainSetListQuerySchema,
  type AgentUpdateView,
} from '../../contract/schemas/drains.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { CallersReach, type Reach } from '../auth/reach.js';
import { Operation } from '../http/operation.decorator.js';
import { AgentUpdates } from './agent-updates.js';
import { AGENT_UPDATE } from './drain-set-kinds.js';
import { DrainSets } from './drain-sets.js';

const ANSWER = {
  200: { description: 'it is written down and in force; its workflow follows', schema: agentUpdateSchema },
};
const REFUSES = ['NOT_FOUND', 'AGENT_UPDATE_ENDED', 'DECISION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED'] as const;

/** Updates of the agents of whole sets of nodes. */
@ApiTags('nodes')
@Controller('v1/agent-updates')
export class AgentUpdatesController {
  constructor(
    private readonly updates: AgentUpdates,
    private readonly sets: DrainSets,
  ) {}

  @Post()
  @Roles('admin', 'nodes')
  @Operation({
    summary: 'Update the agents of all nodes with these labels, at most so many at once',
    description:
      'The nodes are those that have the labels now. Each is drained in its turn, its agent fetches the version from its api, checks the signature and becomes it, and the node is activated again. Nodes whose agents are not configured for it are left as they are.',
    answers: { 201: { description: 'the update; its nodes are begun one after the other', schema: agentUpdateSchema } },
    refuses: ['AGENT_UPDATES_OFF', 'NO_NODE_MATCHES', 'IDEMPOTENCY_KEY_REUSED'],
  })
  createAgentUpdate(
    @Body({ schema: createAgentUpdateRequestSchema }) request: z.output<typeof createAgentUpdateRequestSchema>,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<AgentUpdateView> {
    return this.updates.create(request, { actor, reach });
  }

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List updates of agents, the latest first',
    answers: { 200: { description: 'one page of updates', schema: agentUpdatePageSchema } },
  })
  listAgentUpdates(
    @Query({ schema: drainSetListQuerySchema }) query: z.output<typeof drainSetListQuerySchema>,
  ): Promise<z.infer<typeof agentUpdatePageSchema>> {
    return this.sets.list(AGENT_UPDATE, query);
  }

  @Get(':id')
  @Roles('viewer')
  @Operation({
    summary: 'Describe an update of agents',
    answers: { 200: { description: 'the update, with each of its nodes', schema: agentUpdateSchema } },
    refuses: ['NOT_FOUND'],
  })
  getAgentUpdate(@Param('id', { schema: drainSetId }) id: string): Promise<AgentUpdateView> {
    return this.sets.get(AGENT_UPDATE, id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Roles('admin', 'nodes')
  @Operation({ summary: 'Begin no further node; those that were begun go on', answers: ANSWER, refuses: [...REFUSES] })
  pauseAgentUpdate(
    @Param('id', { schema: drainSetId }) id: string,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<AgentUpdateView> {
    return this.sets.rule(AGENT_UPDATE, id, 'pause', { actor, reach });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Roles('admin', 'nodes')
  @Operation({
    summary: 'Go on with an update that was paused, or held by failures: those count no more',
    answers: ANSWER,
    refuses: [...REFUSES],
  })
  resumeAgentUpdate(
    @Param('id', { schema: drainSetId }) id: string,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<AgentUpdateView> {
    return this.sets.rule(AGENT_UPDATE, id, 'resume', { actor, reach });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Roles('admin', 'nodes')
  @Operation({
    summary: 'Begin no further node, and activate again those that still drain; agents that become the version go on',
    answers: ANSWER,
    refuses: [...REFUSES],
  })
  cancelAgentUpdate(
    @Param('id', { schema: drainSetId }) id: string,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<AgentUpdateView> {
    return this.sets.rule(AGENT_UPDATE, id, 'cancel', { actor, reach });
  }
}
