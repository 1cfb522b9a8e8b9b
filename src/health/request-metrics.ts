import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
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
      this.metrics.observeRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1_000);
      done();
    });
  }
}
