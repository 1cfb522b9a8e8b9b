import { Body, Controller, HttpCode, Ip, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  goodbyeRequestSchema,
  heartbeatRequestSchema,
  heartbeatResponseSchema,
  nodeInfoSchema,
  type HeartbeatRequest,
  type HeartbeatResponse,
  type NodeInfo,
} from '../../contract/schemas/agents.js';
import { AgentOnly } from '../auth/access.decorators.js';
import { CallingNode } from '../auth/caller.js';
import { Operation } from '../http/operation.decorator.js';
import type { NodeRecord } from '../record/node-record.js';
import { AgentReports } from './agent-reports.js';
import { HeartbeatService } from './heartbeat.service.js';

/** Body limit of a heartbeat, in bytes. */
export const HEARTBEAT_LIMIT = 16 * 1_024;

/** Agents' reports about their nodes. A node is identified by its access token, never by a path or a body. */
@ApiTags('agent')
@Controller('v1/agent')
export class HeartbeatsController {
  constructor(
    private readonly heartbeats: HeartbeatService,
    private readonly reports: AgentReports,
  ) {}

  @Post('heartbeat')
  @HttpCode(200)
  @AgentOnly('presence', { bodyLimit: HEARTBEAT_LIMIT })
  @Operation({
    summary: 'Say that the node is there, and what is free on it',
    answers: {
      200: {
        description: 'what the cluster thinks of the node, and when to beat next',
        schema: heartbeatResponseSchema,
      },
    },
    refuses: ['STALE_HEARTBEAT'],
  })
  sendHeartbeat(
    @CallingNode() node: NodeRecord,
    @Body({ schema: heartbeatRequestSchema }) request: HeartbeatRequest,
    @Ip() from: string,
  ): Promise<HeartbeatResponse> {
    return this.heartbeats.receive(node, request, from);
  }

  @Put('info')
  @HttpCode(204)
  @AgentOnly()
  @Operation({
    summary: 'Report what rarely changes: hardware, system, versions',
    answers: { 204: { description: 'kept' } },
  })
  putInfo(
    @CallingNode() node: NodeRecord,
    @Body({ schema: nodeInfoSchema }) info: NodeInfo,
    @Ip() from: string,
  ): Promise<void> {
    return this.reports.keepInfo(node, info, from);
  }

  @Post('goodbye')
  @HttpCode(204)
  @AgentOnly()
  @Operation({ summary: 'Say that the agent stops on purpose', answers: { 204: { description: 'noted' } } })
  sayGoodbye(
    @CallingNode() node: NodeRecord,
    @Body({ schema: goodbyeRequestSchema }) goodbye: z.infer<typeof goodbyeRequestSchema>,
    @Ip() from: string,
  ): Promise<void> {
    return this.reports.noteGoodbye(node, goodbye, from);
  }
}
