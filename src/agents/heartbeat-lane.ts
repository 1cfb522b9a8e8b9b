import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { heartbeatRequestSchema, type HeartbeatRequest, type HeartbeatResponse } from '../../contract/schemas/agents.js';
import { FailedAuthentications } from '../auth/failed-authentications.js';
import { RequestLimits } from '../auth/request-limits.js';
import { Metrics } from '../health/metrics.js';
import type { ProblemError } from '../http/problem-error.js';
import { problemAnswer } from '../http/problem-document.js';
import { HEARTBEAT_LIMIT, HEARTBEAT_ROUTE } from './heartbeat-route.js';
import { HeartbeatService } from './heartbeat.service.js';
import { KnownNodes, type KnownNode } from './known-nodes.js';

/**
 * A way of its own for heartbeats that nothing is the matter with: they are nearly all that the api is ever asked, and Nest's way
 * costs several times what taking one does. Whatever else comes, malformed or forged or late, goes Nest's way, by which alone it is
 * refused: this one only ever says yes, or that all are to wait.
 */
@Injectable()
export class HeartbeatLane implements OnModuleInit, BeforeApplicationShutdown {
  private otherwise: RequestListener = () => undefined;
  private isOpen = true;
  private answered: { response: ServerResponse; text: string }[] = [];

  constructor(
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    private readonly known: KnownNodes,
    private readonly heartbeats: HeartbeatService,
    private readonly limits: RequestLimits,
    private readonly failures: FailedAuthentications,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const server = this.http.httpAdapter.getHttpServer<Server>();
    const [fastify] = server.listeners('request') as RequestListener[];
    if (fastify === undefined) throw new Error('the HTTP server has no listener to stand before');
    this.otherwise = fastify;
    server.off('request', fastify);
    server.on('request', (request, response) => {
      if (this.isOpen && request.url === HEARTBEAT_ROUTE && request.method === 'POST') this.answer(request, response);
      else fastify(request, response);
    });
  }

  /** From now on Fastify says that the api is stopping. */
  beforeApplicationShutdown(): void {
    this.isOpen = false;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const token = isOrdinary(request) ? bearerOf(request) : undefined;
    const node = token === undefined ? undefined : this.known.find(token);
    const refusal = this.heartbeats.refusal(node?.standing.uid);
    if (refusal !== undefined) this.refuse(refusal, request, response);
    else if (token === undefined) this.otherwise(request, response);
    else if (node === undefined) void this.lookUp(token, request, response);
    else this.read(node, token, request, response);
  }

  /** Whoever is not known is somebody else's to refuse. The body waits in the connection meanwhile. */
  private async lookUp(token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const node = this.failures.isSuspect(request.socket.remoteAddress ?? '') ? undefined : await this.known.lookUp(token);
    if (node === undefined) this.otherwise(request, response);
    else this.read(node, token, request, response);
  }

  private read(node: KnownNode, token: string, request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const answer = this.take(node, token, body.toString());
      if (answer === undefined) return void this.repeatNestsWay(request, response, body).catch(() => response.destroy());
      if (this.answered.push({ response, text: JSON.stringify(answer) }) === 1) setImmediate(() => this.send(began));
    });
  }

  /**
   * All that were answered in this turn of the event loop, one right after the other: a write to a process that sleeps wakes it, which
   * costs more than all else that a heartbeat does here. Where the agents come by a proxy, or all share a machine, it wakes once for many.
   */
  private send(began: number): void {
    const answered = this.answered;
    this.answered = [];
    this.measure(200, began, answered.length);
    for (const { response, text } of answered) {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': text.length, 'x-content-type-options': 'nosniff' }).end(text, 'latin1');
    }
  }

  private take(node: KnownNode, token: string, text: string): HeartbeatResponse | undefined {
    const request = readHeartbeat(text);
    if (request === undefined) return undefined;
    // It may have been forgotten while the body came.
    if (this.known.find(token) !== node || !this.limits.mayBeat(node.allowance)) return undefined;
    return this.heartbeats.receiveKnown(node, request);
  }

  /** The body has been read already, so Fastify gets the request as if it came anew. */
  private async repeatNestsWay(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const fastify = this.http.httpAdapter.getInstance();
    const answer = await fastify.inject({ method: 'POST', url: HEARTBEAT_ROUTE, headers: request.headers as Record<string, string>, payload: body, remoteAddress: request.socket.remoteAddress ?? '' });
    if (response.destroyed) return;
    response.writeHead(answer.statusCode, answer.headers as Record<string, string>).end(answer.rawPayload);
  }

  /** Before anybody asks who is there: an api that cannot write costs those who wait as little as it can. */
  private refuse(refusal: ProblemError, request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    request.resume();
    const { status, headers, body } = problemAnswer(refusal, randomUUID());
    response.writeHead(status, { ...headers, 'content-length': body.length, 'x-content-type-options': 'nosniff' }).end(body);
    this.measure(status, began, 1);
  }

  private measure(status: number, began: number, count: number): void {
    this.metrics.countHeartbeats(status, count);
    this.metrics.observeRequest('POST', HEARTBEAT_ROUTE, status, (performance.now() - began) / 1_000);
  }
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  return authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : undefined;
}

/** JSON of a known and small length. */
function isOrdinary({ headers }: IncomingMessage): boolean {
  const type = headers['content-type'];
  return (
    (type === 'application/json' || type === 'application/json; charset=utf-8') &&
    Number(headers['content-length']) <= HEARTBEAT_LIMIT &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined
  );
}

/** @returns undefined where it is no heartbeat, or may hold a key twice: Nest's way says what is wrong */
function readHeartbeat(text: string): HeartbeatRequest | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { success, data } = heartbeatRequestSchema.safeParse(body);
  // No string of a heartbeat that fits its schema holds a colon: as many as its keys are, or one of them stands twice.
  return success && colonsIn(text) === keysIn(body) ? data : undefined;
}

function colonsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + keysIn(item), 0);
  let count = 0;
  for (const item of Object.values(value)) count += 1 + keysIn(item);
  return count;
}
