import { Body, Controller, Get, Ip, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import {
  ownAvailabilityQuerySchema,
  ownAvailabilityRequestSchema,
  ownAvailabilitySchema,
  type OwnAvailability,
} from '../../contract/schemas/own-availability.js';
import { AgentOnly } from '../auth/access.decorators.js';
import { CallingNode } from '../auth/caller.js';
import { CallersLifetime, type Lifetime } from '../auth/lifetime.js';
import { Operation } from '../http/operation.decorator.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodesOwnDecisions } from './nodes-own-decisions.js';

/** A node's availability, as the node itself reads and decides it. The node is identified by its access token alone. */
@ApiTags('agent')
@Controller('v1/agent/availability')
export class OwnAvailabilityController {
  constructor(private readonly decisions: NodesOwnDecisions) {}

  @Put()
  @AgentOnly('sessions')
  @Operation({
    summary: 'Take the node itself out, or bring it back where it took itself out',
    description:
      'Nothing is decided where it is so already, whoever decided that. What a person, a drain set or a check decided it cannot undo.',
    answers: { 200: { description: 'how things are', schema: ownAvailabilitySchema } },
    refuses: ['NODE_TAKEN_OUT_BY_OTHERS', 'NODE_NOT_APPROVED', 'NODE_REJECTED', 'DECISION_CONFLICT'],
  })
  decideAvailability(
    @CallingNode() node: NodeRecord,
    @Body({ schema: ownAvailabilityRequestSchema }) request: z.output<typeof ownAvailabilityRequestSchema>,
    @Ip() from: string,
  ): Promise<OwnAvailability> {
    return this.decisions.decide(node, request, from);
  }

  @Get()
  @AgentOnly('sessions')
  @Operation({
    summary: 'Whether the node is available, and by whose word',
    answers: { 200: { description: 'how things are', schema: ownAvailabilitySchema } },
  })
  getOwnAvailability(
    @CallingNode() node: NodeRecord,
    @Query({ schema: ownAvailabilityQuerySchema }) { wait }: z.output<typeof ownAvailabilityQuerySchema>,
    @CallersLifetime() lifetime: Lifetime,
  ): Promise<OwnAvailability> {
    return this.decisions.look(node, parseDuration(wait) ?? 0, lifetime);
  }
}
