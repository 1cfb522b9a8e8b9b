import type { IncomingMessage, ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  accessTokenRequestSchema,
  goodbyeRequestSchema,
  heartbeatRequestSchema,
  nodeInfoSchema,
  registerRequestSchema,
} from '../../../contract/schemas/agents.js';
import { ownAvailabilityRequestSchema } from '../../../contract/schemas/own-availability.js';
import { sessionsReportSchema } from '../../../contract/schemas/sessions.js';
import { LocalServer } from '../local-server.js';

export interface Call {
  path: string;
  /** Query string of the address. */
  query: string;
  body: unknown;
  authorization: string | undefined;
  traceparent: string | undefined;
  /** The client's port, which is the same as long as the connection is kept. */
  connection: number;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: unknown;
  /** Break the connection instead of answering, or never answer. */
  fault?: 'break' | 'hang';
}

const REQUESTS: Record<string, z.ZodType> = {
  '/v1/agent/register': registerRequestSchema,
  '/v1/agent/token': accessTokenRequestSchema,
  '/v1/agent/heartbeat': heartbeatRequestSchema,
  '/v1/agent/info': nodeInfoSchema,
  '/v1/agent/goodbye': goodbyeRequestSchema,
  '/v1/agent/availability': ownAvailabilityRequestSchema.optional(),
  '/v1/agent/commands': z.undefined(),
  '/v1/agent/sessions': sessionsReportSchema,
};

const ANSWERS: Record<string, Reply> = {
  '/v1/agent/register': {
    status: 201,
    body: {
      id: 'node-1',
      uid: '0b1c7a52-0b3c-4c8e-9b1e-3f1a2b3c4d5e',
      approval: 'APPROVED',
      heartbeatIntervalMs: 1_000,
    },
  },
  '/v1/agent/token': { body: { accessToken: 'token-1', expiresInS: 900 } },
  '/v1/agent/heartbeat': {
    body: { approval: 'APPROVED', availability: 'ACTIVE', nextHeartbeatMs: 15_000, commands: false },
  },
  '/v1/agent/info': { status: 204 },
  '/v1/agent/goodbye': { status: 204 },
  // There are none, so the request is held.
  '/v1/agent/commands': { fault: 'hang' },
  '/v1/agent/sessions': { body: { terminate: [] } },
};

/** A scripted server, for faults that a real api does not show on demand. It accepts only what the contract allows. */
export class ScriptedOrchestrator extends LocalServer {
  readonly calls: Call[] = [];
  readonly malformed: string[] = [];
  private held: { call: Call; response: ServerResponse }[] = [];
  private script: (call: Call) => Reply | undefined = () => undefined;

  /** Sets the script; what it does not cover is answered as by a real api. */
  answer(script: (call: Call) => Reply | undefined): void {
    this.script = script;
  }

  /** Answers held requests by the present script. */
  answerHeld(): void {
    for (const { call, response } of this.held.splice(0)) this.reply(call, response);
  }

  to(path: string): Call[] {
    return this.calls.filter((call) => call.path === `/v1/agent/${path}`);
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { pathname, search } = new URL(request.url ?? '', this.url);
    const call: Call = {
      path: pathname,
      query: search.slice(1),
      body: text === '' ? undefined : JSON.parse(text),
      authorization: request.headers.authorization,
      traceparent: request.headers['traceparent']?.toString(),
      connection: request.socket.remotePort ?? 0,
    };
    const checked = REQUESTS[call.path]?.safeParse(call.body);
    if (!checked?.success) this.malformed.push(`${call.path}: ${checked?.error.message}`);
    // An api drops unknown fields, so this fails if the agent sends a field that the contract does not have.
    else if (!isDeepStrictEqual(checked.data, call.body))
      this.malformed.push(`${call.path}: more than the contract has`);
    this.calls.push(call);
    this.reply(call, response);
  }

  private reply(call: Call, response: ServerResponse): void {
    const { status = 200, headers = {}, body, fault } = this.script(call) ?? ANSWERS[call.path] ?? { status: 404 };
    if (fault === 'hang') return void this.held.push({ call, response });
    if (fault === 'break') return void response.destroy();
    const isText = typeof body === 'string';
    response.writeHead(status, {
      ...(body === undefined ? {} : { 'content-type': isText ? 'text/html' : 'application/json' }),
      ...headers,
    });
    response.end(body === undefined || isText ? body : JSON.stringify(body));
  }
}
