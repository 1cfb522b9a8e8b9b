import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nodeName } from '../../contract/schemas/common.js';
import { sessionCacheSchema } from '../../contract/schemas/nodes.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { SessionCacheReader } from './session-cache-reader.js';

@ApiTags('sessions')
@Controller('v1/nodes/:id/sessions')
export class NodeSessionsController {
  constructor(private readonly cache: SessionCacheReader) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'The sessions that a node has',
    answers: { 200: { description: "from the node's workflow, or from the record where it does not answer", schema: sessionCacheSchema } },
    refuses: ['NODE_NOT_FOUND'],
  })
  listNodeSessions(@Param('id', { schema: nodeName }) id: string): Promise<z.infer<typeof sessionCacheSchema>> {
    return this.cache.read(id);
  }
}
