import { Body, Controller, HttpCode, Ip, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  accessTokenRequestSchema,
  accessTokenResponseSchema,
  goodbyeRequestSchema,
  heartbeatRequestSchema,
  heartbeatResponseSchema,
  nodeInfoSchema,
  registerRequestSchema,
  registerResponseSchema,
  type HeartbeatRequest,
  type HeartbeatResponse,
  type NodeInfo,
  type RegisterRequest,
  type RegisterResponse,
} from '../../contract/schemas/agents.js';
import { AgentOnly, Strangers } from '../auth/access.decorators.js';
import { AccessTokenIssuer } from '../joining/access-token-issuer.js';
import { CallingNode } from '../auth/caller.js';
import { FailedAuthentications } from '../auth/failed-authentications.js';
import { Operation } from '../http/operation.decorator.js';
import type { NodeRecord } from '../record/node-record.js';
import { AgentReports } from './agent-reports.js';
import { HEARTBEAT_LIMIT } from '../http/heartbeat-route.js';
import { HeartbeatService } from './heartbeat.service.js';
import { RegistrationService } from '../joining/registration.service.js';

/** An assertion as long as any may be, with room to spare, in bytes. */
const ASSERTION_LIMIT = 4 * 1_024;

/** What agents say. A node's identity comes from its access token, never from a path or a body. */
@ApiTags('agent')
@Controller('v1/agent')
export class AgentsController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly accessTokens: AccessTokenIssuer,
    private readonly heartbeats: HeartbeatService,
    private readonly reports: AgentReports,
    private readonly failures: FailedAuthentications,
  ) {}

  @Post('register')
  @Strangers()
  @Operation({
    summary: 'Join with a bootstrap or join token, and leave the public half of a key',
    answers: {
      200: { description: 'this key has joined with this token before: the same answer again', schema: registerResponseSchema },
      201: { description: 'joined', schema: registerResponseSchema },
    },
    refuses: ['NODE_NAME_TAKEN'],
  })
  async registerAgent(
    @Body({ schema: registerRequestSchema }) request: RegisterRequest,
    @Ip() from: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisterResponse> {
    const { response, repeated } = await this.failures.watch(from, request.token, () => this.registration.register(request, from));
    reply.status(repeated ? 200 : 201);
    return response;
  }

  @Post('token')
  @HttpCode(200)
  @Strangers({ bodyLimit: ASSERTION_LIMIT })
  @Operation({
    summary: "Trade an assertion signed with the node's key for a short access token",
    answers: { 200: { description: 'the access token', schema: accessTokenResponseSchema } },
    refuses: ['NODE_REMOVED'],
  })
  issueAccessToken(
    @Body({ schema: accessTokenRequestSchema }) { assertion }: z.infer<typeof accessTokenRequestSchema>,
    @Ip() from: string,
  ): Promise<z.infer<typeof accessTokenResponseSchema>> {
    return this.failures.watch(from, assertion, () => this.accessTokens.trade(assertion, from), { isUsedOnce: true, isProven: () => this.accessTokens.isProven(assertion) });
  }

  @Post('heartbeat')
  @HttpCode(200)
  @AgentOnly('presence', { bodyLimit: HEARTBEAT_LIMIT })
  @Operation({
    summary: 'Say that the node is there, and what is free on it',
    answers: { 200: { description: 'what the cluster thinks of the node, and when to beat next', schema: heartbeatResponseSchema } },
    refuses: ['STALE_HEARTBEAT'],
  })
  sendHeartbeat(@CallingNode() node: NodeRecord, @Body({ schema: heartbeatRequestSchema }) request: HeartbeatRequest, @Ip() from: string): Promise<HeartbeatResponse> {
    return this.heartbeats.receive(node, request, from);
  }

  @Put('info')
  @HttpCode(204)
  @AgentOnly()
  @Operation({ summary: 'Report what rarely changes: hardware, system, versions', answers: { 204: { description: 'kept' } } })
  putInfo(@CallingNode() node: NodeRecord, @Body({ schema: nodeInfoSchema }) info: NodeInfo): Promise<void> {
    return this.reports.keepInfo(node, info);
  }

  @Post('goodbye')
  @HttpCode(204)
  @AgentOnly()
  @Operation({ summary: 'Say that the agent stops on purpose', answers: { 204: { description: 'noted' } } })
  sayGoodbye(@CallingNode() node: NodeRecord, @Body({ schema: goodbyeRequestSchema }) goodbye: z.infer<typeof goodbyeRequestSchema>, @Ip() from: string): Promise<void> {
    return this.reports.noteGoodbye(node, goodbye, from);
  }
}
