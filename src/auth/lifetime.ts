import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Lifetime of a request: as long as its credential is valid and its caller waits for the answer. */
export interface Lifetime {
  /** Aborted with a ProblemError when the caller's admission ends, when the caller disconnects, and after the answer. */
  readonly ended: AbortSignal;
  /**
   * Authenticates the caller once more, before something is disclosed that nobody else may learn.
   * @throws ProblemError like a new request's
   */
  readonly confirm: () => Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on every route that is not public. */
    lifetime?: Lifetime;
  }
}

/** Injects the request's lifetime, beyond which no route may wait. */
export const CallersLifetime = createParamDecorator((_: unknown, context: ExecutionContext): Lifetime => {
  const { lifetime } = context.switchToHttp().getRequest<FastifyRequest>();
  if (lifetime === undefined) throw new Error('CallersLifetime stands on a public route');
  return lifetime;
});
