import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import type { FastifyRequest } from 'fastify';
import { map, Observable, takeUntil } from 'rxjs';

/** Methods that change nothing. Callers of all others learn the outcome. */
const READS = new Set(['GET', 'HEAD']);

/** Ends reads and streams together with their caller's admission, whatever the route waits for. */
@Injectable()
export class LifetimeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, lifetime } = context.switchToHttp().getRequest<FastifyRequest>();
    if (lifetime === undefined || !READS.has(method)) return next.handle();
    const ended = endOf(lifetime.ended);
    // A stream's status was sent already: it ends, and its reader learns the reason when it reconnects.
    if (Reflect.getMetadata(SSE_METADATA, context.getHandler()) === true) return next.handle().pipe(takeUntil(ended));
    const refused = ended.pipe(
      map(() => {
        throw lifetime.ended.reason;
      }),
    );
    return next.handle().pipe(takeUntil(refused));
  }
}

function endOf(signal: AbortSignal): Observable<true> {
  return new Observable((subscriber) => {
    const tell = () => subscriber.next(true);
    if (signal.aborted) return tell();
    signal.addEventListener('abort', tell, { once: true });
    return () => signal.removeEventListener('abort', tell);
  });
}
