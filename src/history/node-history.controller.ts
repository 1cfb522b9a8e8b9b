import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nodeName } from '../../contract/schemas/common.js';
import { nodeHistoryQuerySchema, nodeHistorySchema, type NodeHistory } from '../../contract/schemas/history.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { HistoryReader } from './history-reader.js';

@ApiTags('nodes')
@Controller('v1/nodes/:id/history')
export class NodeHistoryController {
  constructor(private readonly history: HistoryReader) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary:
      "A node's use of its resources over the last hour, day or week or any stretch of it, and whether its heartbeats came",
    answers: { 200: { description: 'points to plot, and the heartbeats slot by slot', schema: nodeHistorySchema } },
    refuses: ['NODE_NOT_FOUND'],
  })
  getNodeHistory(
    @Param('id', { schema: nodeName }) id: string,
    @Query({ schema: nodeHistoryQuerySchema }) query: z.output<typeof nodeHistoryQuerySchema>,
  ): Promise<NodeHistory> {
    return this.history.read(id, query);
  }
}
