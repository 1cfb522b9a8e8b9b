import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { HEARTBEAT_ROUTE } from '../http/heartbeat-route.js';
import { Metrics } from './metrics.js';

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
      // Not all of them come this way, so that they are counted besides.
      if (url === HEARTBEAT_ROUTE) this.metrics.countHeartbeats(reply.statusCode, 1);
      done();
    });
  }
}
