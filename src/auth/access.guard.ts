import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error.js';
import { ACCESS, type RouteAccess } from './access.decorators.js';
import { unauthenticated } from './unauthenticated.js';

/** Admits the callers that a route declares, as authenticated by Admission; none without a declaration. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined)
      throw new ProblemError({
        code: 'FORBIDDEN',
        detail: 'this address is closed: it declares nobody who may call it',
      });
    const needsCaller = access.kind === 'administrator' || access.kind === 'agent';
    if (needsCaller && context.switchToHttp().getRequest<FastifyRequest>().caller?.kind !== access.kind)
      throw unauthenticated();
    return true;
  }
}
