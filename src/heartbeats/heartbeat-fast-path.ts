import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  heartbeatRequestSchema,
  type HeartbeatRequest,
  type HeartbeatResponse,
} from '../../contract/schemas/agents.js';
import { HEARTBEAT_ROUTE } from '../../contract/heartbeat-pace.js';
import { RequestLimits } from '../auth/request-limits.js';
import { RequestMetrics } from '../http/request-metrics.js';
import { parseJsonBody } from '../http/json-body.js';
import type { ProblemError } from '../http/problem-error.js';
import { problemAnswer } from '../http/problem-document.js';
import { traceIdOf } from '../tracing/tracing.js';
import { HEARTBEAT_LIMIT } from './heartbeats.controller.js';
import { HeartbeatAdmission } from './heartbeat-admission.js';
import { HeartbeatService } from './heartbeat.service.js';
import { KnownNodes, type KnownNode } from './known-nodes.js';
import { NestBypass } from './nest-bypass.js';
import { readBody, fastPathToken } from './fast-path-request.js';

/**
 * Fast path for valid heartbeats of known nodes, which are nearly all requests: passing one through Nest costs several times as much as recording
 * it. Anything else (malformed, forged, late) is left to Nest, which refuses it. This path only answers 200, or 429 and 503 to all senders alike.
 * See docs/adr/0014.
 */
@Injectable()
export class HeartbeatFastPath implements OnModuleInit {
  private answered: { response: ServerResponse; text: string }[] = [];

  constructor(
    private readonly bypass: NestBypass,
    private readonly known: KnownNodes,
    private readonly admission: HeartbeatAdmission,
    private readonly heartbeats: HeartbeatService,
    private readonly limits: RequestLimits,
    private readonly metrics: RequestMetrics,
  ) {}

  onModuleInit(): void {
    this.bypass.open('POST', HEARTBEAT_ROUTE, (request, response) => this.answer(request, response));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const token = fastPathToken(request, HEARTBEAT_LIMIT);
    const node = token === undefined ? undefined : this.known.find(token);
    const refusal = this.admission.refusal(node?.summary.uid);
    if (refusal !== undefined) this.refuse(refusal, request, response);
    else if (token === undefined) this.bypass.handOver(request, response);
    else if (node === undefined) void this.lookUp(token, request, response);
    else this.read(node, request, response);
  }

  /** Looks up an unknown sender, while the body waits in the connection. Senders that remain unknown are left to Nest. */
  private async lookUp(token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const node = await this.known.lookUp(token);
    if (node === undefined) this.bypass.handOver(request, response);
    else this.read(node, request, response);
  }

  private read(node: KnownNode, request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    readBody(request, (body) => {
      const answer = this.take(node, body.toString());
      if (answer === undefined)
        return void this.bypass.handOverRead(request, response, body).catch(() => response.destroy());
      if (this.answered.push({ response, text: JSON.stringify(answer) }) === 1) setImmediate(() => this.send(began));
    });
  }

  /**
   * Sends all answers of this turn of the event loop in a row. Writing to a sleeping process wakes it, which costs more than everything else about
   * a heartbeat; a proxy, or agents on one machine, are then woken once for many answers.
   */
  private send(began: number): void {
    const answered = this.answered;
    this.answered = [];
    this.measure(200, began, answered.length);
    for (const { response, text } of answered) {
      response
        .writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': text.length,
          'x-content-type-options': 'nosniff',
        })
        .end(text, 'latin1');
    }
  }

  private take(node: KnownNode, text: string): HeartbeatResponse | undefined {
    const request = readHeartbeat(text);
    // Conditions are rare, and have to be compared with the record.
    if (request === undefined || request.conditions !== undefined) return undefined;
    // The node may have been forgotten while the body arrived.
    if (!this.known.stillKnows(node) || !this.limits.mayBeat(node.summary.uid, node.generation)) return undefined;
    return this.heartbeats.receiveKnown(node, request);
  }

  /** Refuses before authentication, as cheaply as possible. */
  private refuse(refusal: ProblemError, request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    request.resume();
    const { status, headers, body } = problemAnswer(refusal, randomUUID(), traceIdOf(request.headers));
    response
      .writeHead(status, { ...headers, 'content-length': body.length, 'x-content-type-options': 'nosniff' })
      .end(body);
    this.measure(status, began, 1);
  }

  private measure(status: number, began: number, count: number): void {
    this.metrics.countHeartbeats(status, count);
    this.metrics.observe('POST', HEARTBEAT_ROUTE, status, (performance.now() - began) / 1_000);
  }
}

/** @returns undefined where the body is not a valid heartbeat: Nest then says what is wrong */
function readHeartbeat(text: string): HeartbeatRequest | undefined {
  try {
    return heartbeatRequestSchema.safeParse(parseJsonBody(text)).data;
  } catch {
    return undefined;
  }
}
