import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Metrics } from './metrics.js';

/** Whose requests are counted besides, since not all of them come this way. */
const HEARTBEAT_ROUTE = '/v1/agent/heartbeat';

/** Measures every request, those that no route answers too. */
@Injectable()
export class RequestMetrics implements OnModuleInit {
  constructor(
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.http.httpAdapter.getInstance().addHook('onResponse', (request, reply, done) => {
      const { url = 'none' } = request.routeOptions;
      this.metrics.observeRequest(request.method, url, reply.statusCode, reply.elapsedTime / 1_000);
      if (url === HEARTBEAT_ROUTE) this.metrics.countHeartbeats(reply.statusCode, 1);
      done();
    });
  }
}
