import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** For how long a request is answered: as long as what let it in is good, and as long as somebody waits for the answer. */
export interface Lifetime {
  /** Aborted, with a ProblemError, by the end of what let the caller in; after the answer too, and where the caller has gone. */
  readonly ended: AbortSignal;
  /**
   * Asks the record whether the caller would still be let in: for what must not be told to anybody else.
   * @throws ProblemError as the caller would hear it who came now
   */
  readonly confirm: () => Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on every route that is not public. */
    lifetime?: Lifetime;
  }
}

/** Whatever waits on a route waits no longer than this. */
export const CallersLifetime = createParamDecorator((_: unknown, context: ExecutionContext): Lifetime => {
  const { lifetime } = context.switchToHttp().getRequest<FastifyRequest>();
  if (lifetime === undefined) throw new Error('CallersLifetime stands on a public route');
  return lifetime;
});
