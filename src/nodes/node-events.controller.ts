import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nodeName } from '../../contract/schemas/common.js';
import { nodeEventListQuerySchema, nodeEventPageSchema } from '../../contract/schemas/node-events.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { NodeEventReader } from './node-event-reader.js';

@ApiTags('nodes')
@Controller('v1/nodes/:id/events')
export class NodeEventsController {
  constructor(private readonly events: NodeEventReader) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'What happened to a node, who did it and why, latest first',
    description: 'A removed node keeps its events until its id is taken again.',
    answers: { 200: { description: 'one page of events', schema: nodeEventPageSchema } },
    refuses: ['NODE_NOT_FOUND'],
  })
  listNodeEvents(
    @Param('id', { schema: nodeName }) id: string,
    @Query({ schema: nodeEventListQuerySchema }) query: z.output<typeof nodeEventListQuerySchema>,
  ): Promise<z.infer<typeof nodeEventPageSchema>> {
    return this.events.list(id, query);
  }
}
