import { randomUUID } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import helmet from '@fastify/helmet';
import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { DEPRECATIONS } from '../../contract/deprecations.js';
import { DeprecationInterceptor } from './deprecation.interceptor.js';
import { serveWebPage, WEB_FOLDER } from './web-page.js';
import { AllowedMethods } from './allowed-methods.js';
import { answerConditionally } from './conditional-answers.js';
import { databaseAway } from './problem-of.js';
import { parseJsonBody } from './json-body.js';
import { serveDocumentation } from './openapi-document.js';
import { ProblemFilter } from './problem.filter.js';
import { tracing } from '../tracing/tracing.js';
import { RequestValidationPipe } from './request-validation.pipe.js';
import { demandTls, SECURITY_HEADERS } from './security-headers.js';

/** Default body limit, in bytes; routes may have their own, see BodyOptions. */
const BODY_LIMIT = 64 * 1_024;
/** Time limit for receiving a request, in milliseconds, so that slow senders do not occupy connections. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Time limit for receiving a request's headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 5_000;
/** How often Node checks for slow senders, in milliseconds; its default is 30 s. */
const LOOK_FOR_SLOW_EVERY_MS = 1_000;
const KEEP_ALIVE_MS = 75_000;

export interface ServerOptions {
  /** HTTPS with this certificate; HTTP where there is none. */
  certificate?: SecureContextOptions | undefined;
  /** Addresses whose X-Forwarded-* headers are believed. */
  trustedProxies?: string[];
}

/** The HTTP server that Nest runs on. Each request has an id, which problem documents and logs name. */
export function fastifyAdapter({ certificate, trustedProxies = [] }: ServerOptions = {}): FastifyAdapter {
  const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: LOOK_FOR_SLOW_EVERY_MS };
  return new FastifyAdapter({
    ...(certificate === undefined ? { http: timeouts } : { https: { ...timeouts, ...certificate } }),
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A hook answers 503 instead, with a problem document.
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 128 },
  });
}

/** Routes that need the record; probes, metrics, documentation and the page do not. */
const NEEDS_THE_RECORD = /^\/v1(?:[/?]|$)/;

/** The server's view of its database. */
export interface ServedDatabase {
  /** Whether an exception means that the database did not answer, as opposed to a programming error. */
  isUnavailable: (exception: unknown) => boolean;
  /** Resolves when the record is open: see DatabaseProbe. */
  ready: Promise<void>;
}

/**
 * Configures what all routes have in common: parsing, validation, problem documents, security headers. Call before the app is initialised.
 * @param webFolder the built web page
 * @param deprecations deprecated operations and parameters
 */
export async function configureApi(
  app: NestFastifyApplication,
  database: ServedDatabase,
  webFolder = WEB_FOLDER,
  deprecations = DEPRECATIONS,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const allowed = new AllowedMethods();
  fastify.addHook('onRoute', (route) => {
    allowed.add(route.method, route.url);
    const bodyLimit = route.config?.bodyLimit;
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
  answerConditionally(fastify);
  sayWhenToRetry(fastify);
  acceptJsonOnly(fastify);
  nameTraces(fastify);
  // First, since refusals need these headers too.
  await app.register(helmet, SECURITY_HEADERS);
  demandTls(fastify);
  refuseUnread(fastify);
  refuseTooEarly(fastify, database.ready);
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalFilters(new ProblemFilter(allowed, database.isUnavailable));
  // Only where needed, since every request passes through it.
  if (deprecations.length > 0) app.useGlobalInterceptors(new DeprecationInterceptor(deprecations));
  serveDocumentation(app, deprecations);
  await serveWebPage(fastify, webFolder);
}

/** Names spans after their routes, and returns the trace to the caller. */
function nameTraces(fastify: FastifyInstance): void {
  if (tracing === undefined) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    const span = tracing?.current();
    if (span !== undefined) {
      if (request.routeOptions.url !== undefined) tracing?.nameRequest(request.routeOptions.url);
      // https://www.w3.org/TR/trace-context-2/#traceresponse-header
      reply.header('traceresponse', span.traceparent);
    }
    done();
  });
}

/** Refuses before the body is read where the body cannot change the answer. */
function refuseUnread(fastify: FastifyInstance): void {
  let isStopping = false;
  fastify.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (isStopping) done(new ServiceUnavailableException());
    else done(request.is404 ? new NotFoundException() : undefined);
  });
}

/**
 * Refuses requests before the record is open. Some would otherwise be judged before they reach it, by the local clock instead of MongoDB's, such as
 * an OpenID provider's token or an address's allowance.
 */
function refuseTooEarly(fastify: FastifyInstance, ready: Promise<void>): void {
  let isOpen = false;
  void ready.then(() => {
    isOpen = true;
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(isOpen || !NEEDS_THE_RECORD.test(request.url) ? undefined : databaseAway());
  });
}

/** Ensures that every 503 and 429 has a Retry-After. */
function sayWhenToRetry(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if ((reply.statusCode === 503 || reply.statusCode === 429) && !reply.hasHeader('retry-after'))
      reply.header('retry-after', '1');
    done();
  });
}

function acceptJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      // A POST without a body may say that it is JSON all the same.
      done(null, text === '' ? undefined : parseJsonBody(text as string));
    } catch (error) {
      done(error as Error);
    }
  });
}
