import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nodeName } from '../../contract/schemas/common.js';
import {
  createNodeRequestSchema,
  createNodeResponseSchema,
  nodeListQuerySchema,
  nodePageSchema,
  nodeSchema,
  patchNodeRequestSchema,
  type Node,
} from '../../contract/schemas/nodes.js';
import { bootstrapTokenResponseSchema, createBootstrapTokenRequestSchema } from '../../contract/schemas/tokens.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { CallersReach, type Reach } from '../auth/reach.js';
import { ApiOrigin } from '../http/api-origin.decorator.js';
import { Operation } from '../http/operation.decorator.js';
import { NodeReader } from './node-reader.js';
import { NodeSlots } from './node-slots.js';

/** The registry of nodes: slots, lists, descriptions, edits. */
@ApiTags('nodes')
@Controller('v1/nodes')
export class NodesController {
  constructor(
    private readonly reader: NodeReader,
    private readonly slots: NodeSlots,
  ) {}

  @Post()
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Make a slot for a new node, with the bootstrap token that its agent joins with',
    answers: { 201: { description: 'the slot; the token is shown this once', schema: createNodeResponseSchema } },
    refuses: ['NODE_NAME_TAKEN', 'IDEMPOTENCY_KEY_REUSED'],
  })
  createNode(
    @Body({ schema: createNodeRequestSchema }) request: z.output<typeof createNodeRequestSchema>,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
    @ApiOrigin() origin: string,
  ): Promise<z.infer<typeof createNodeResponseSchema>> {
    return this.slots.create(request, { actor, reach }, origin);
  }

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List nodes',
    description:
      'For five minutes all pages are in the order of the moment at which the first was read, so that each node is in one of them; what they show of it is as it is now.',
    answers: { 200: { description: 'one page of nodes', schema: nodePageSchema } },
  })
  listNodes(
    @Query({ schema: nodeListQuerySchema }) query: z.output<typeof nodeListQuerySchema>,
  ): Promise<z.infer<typeof nodePageSchema>> {
    return this.reader.list(query);
  }

  @Get(':id')
  @Roles('viewer')
  @Operation({
    summary: 'Describe one node',
    answers: { 200: { description: 'the node', schema: nodeSchema } },
    refuses: ['NODE_NOT_FOUND'],
  })
  getNode(@Param('id', { schema: nodeName }) id: string): Promise<Node> {
    return this.reader.get(id);
  }

  @Patch(':id')
  @Roles('operator', 'nodes')
  @Operation({
    summary: "Change a node's labels or description",
    description: 'Labels are replaced as a whole.',
    answers: { 200: { description: 'the node as changed', schema: nodeSchema } },
    refuses: ['NODE_NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  editNode(
    @Param('id', { schema: nodeName }) id: string,
    @Body({ schema: patchNodeRequestSchema }) request: z.output<typeof patchNodeRequestSchema>,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
  ): Promise<Node> {
    return this.slots.edit(id, request, { actor, reach });
  }

  @Post(':id/bootstrap-token')
  @Roles('operator', 'nodes')
  @Operation({
    summary: 'Make a new bootstrap token: the earlier token and the credential of the node stop working',
    answers: { 201: { description: 'the token, shown this once', schema: bootstrapTokenResponseSchema } },
    refuses: ['NODE_NOT_FOUND', 'NODE_IS_REQUESTER', 'DECISION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED'],
  })
  regenerateBootstrapToken(
    @Param('id', { schema: nodeName }) id: string,
    @Body({ schema: createBootstrapTokenRequestSchema.prefault({}) }) request: z.output<
      typeof createBootstrapTokenRequestSchema
    >,
    @Acting() actor: Actor,
    @CallersReach() reach: Reach,
    @ApiOrigin() origin: string,
  ): Promise<z.infer<typeof bootstrapTokenResponseSchema>> {
    return this.slots.regenerateToken(id, request, { actor, reach }, origin);
  }
}
