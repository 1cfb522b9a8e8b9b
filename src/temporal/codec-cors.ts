import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Config } from '../../contract/config/schema.js';
import { InjectConfig } from '../process/config.js';

const ROUTES = ['/v1/codec/decode', '/v1/codec/encode'];
/** How long browsers may cache the preflight's answer, in seconds. */
const REMEMBERED_S = 600;

/**
 * Allows pages of Temporal's Web UI, at the origin in `Orchestrator.Temporal.WebUI`, to use the codec; no other origin, and no other route.
 * They authenticate with a bearer token, or with the cookie of a person who is signed in here.
 */
@Injectable()
export class CodecCors implements OnModuleInit {
  constructor(
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    @InjectConfig() private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { WebUI } = this.config.Orchestrator.Temporal;
    if (WebUI === undefined) return;
    const { origin } = new URL(WebUI);
    const fastify = this.http.httpAdapter.getInstance();
    fastify.addHook('onRequest', (request, reply, done) => {
      if (ROUTES.includes(request.routeOptions.url ?? '')) {
        reply.header('vary', 'origin');
        if (request.headers.origin === origin)
          reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true');
      }
      done();
    });
    for (const route of ROUTES)
      fastify.options(route, (request, reply) => {
        if (request.headers.origin === origin)
          reply.headers({
            'access-control-allow-methods': 'POST',
            'access-control-allow-headers': 'authorization, content-type, x-namespace',
            'access-control-max-age': String(REMEMBERED_S),
          });
        return reply.status(204).send();
      });
  }
}
