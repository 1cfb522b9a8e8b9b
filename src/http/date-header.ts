import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Clock } from '../mechanics/clock.js';

/** Below this difference, in milliseconds, the header of whole seconds is the same, and Node's own is used. */
const SAME_MS = 1_000;

/** Sets `Date` by MongoDB's clock instead of the local one: an agent whose assertion is refused corrects its clock by the refusal's date. */
@Injectable()
export class DateHeader implements OnModuleInit {
  constructor(
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.http.httpAdapter.getInstance().addHook('onRequest', (_request, reply, done) => {
      const now = this.clock.now();
      if (Math.abs(now - Date.now()) > SAME_MS) reply.header('date', new Date(now).toUTCString());
      done();
    });
  }
}
