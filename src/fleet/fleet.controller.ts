import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  fleetHistoryQuerySchema,
  fleetHistorySchema,
  fleetNodesQuerySchema,
  fleetNodesSchema,
  type FleetHistory,
  type FleetNodes,
} from '../../contract/schemas/fleet.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { FleetHistoryReader } from './fleet-history-reader.js';
import { FleetNodesReader } from './fleet-nodes-reader.js';

@ApiTags('cluster')
@Controller('v1/cluster')
export class FleetController {
  constructor(
    private readonly nodes: FleetNodesReader,
    private readonly history: FleetHistoryReader,
  ) {}

  @Get('nodes')
  @Roles('viewer')
  @Operation({
    summary: 'Every compute node in a few characters: for a picture of the whole fleet',
    answers: { 200: { description: 'its state, what it uses and its group, in columns', schema: fleetNodesSchema } },
  })
  getFleetNodes(
    @Query({ schema: fleetNodesQuerySchema }) { label }: z.output<typeof fleetNodesQuerySchema>,
  ): Promise<FleetNodes> {
    return this.nodes.read(label);
  }

  @Get('history')
  @Roles('viewer')
  @Operation({
    summary: 'How many compute nodes were in which state over the last hour, day or week',
    answers: { 200: { description: 'points to plot, a minute or more apart', schema: fleetHistorySchema } },
  })
  getFleetHistory(
    @Query({ schema: fleetHistoryQuerySchema }) query: z.output<typeof fleetHistoryQuerySchema>,
  ): Promise<FleetHistory> {
    return this.history.read(query);
  }
}
