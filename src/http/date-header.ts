import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Clock } from '../mechanics/clock.js';

/** What differs by less, in milliseconds, is the same in a header of whole seconds: Node writes it. */
const SAME_MS = 1_000;

/**
 * Answers are dated by the time that counts, not by that of this machine: an agent whose signed assertion is refused corrects its own
 * clock by the date of the refusal.
 */
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
