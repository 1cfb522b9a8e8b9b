import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import type { FastifyRequest } from 'fastify';
import { map, Observable, takeUntil } from 'rxjs';

/** Methods that change nothing: of whatever else is done its caller hears what became of it. */
const READS = new Set(['GET', 'HEAD']);

/** No answer to a question, and no stream, outlives what let its reader in, whatever its route waits for. */
@Injectable()
export class LifetimeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, lifetime } = context.switchToHttp().getRequest<FastifyRequest>();
    if (lifetime === undefined || !READS.has(method)) return next.handle();
    const ended = endOf(lifetime.ended);
    // A stream has its status already: it ends, and its reader hears why when it comes back.
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
