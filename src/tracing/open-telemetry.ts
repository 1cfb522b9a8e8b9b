import { context, isSpanContextValid, propagation, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { getRPCMetadata, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import { HEARTBEAT_ROUTE } from '../../contract/heartbeat-pace.js';
import type { Tracing } from './tracing.js';

/** How long a shutdown waits for the collector, in milliseconds. */
const SENT_WITHIN_MS = 2_000;
/** Frequent requests and long polls, which metrics cover instead. */
const UNTRACED = new Set(['/livez', '/readyz', '/metrics', '/v1/agent/commands', HEARTBEAT_ROUTE]);
/** Name of the header in Temporal's interceptors. */
const TRACE_HEADER = '_tracer-data';

/**
 * Traces requests, their calls to Temporal, the activities that follow, and MongoDB's commands of both. A trace begins with a request, or continues its
 * `traceparent`; work without a request (the reconciler, heartbeats) has none. The collector is configured by the environment.
 * @param service the process's name, unless OTEL_SERVICE_NAME is set
 */
export function startTracing(service: string): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': process.env['OTEL_SERVICE_NAME'] || service }),
    ),
    sampler: samplerOf(process.env),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = '' }) => UNTRACED.has(url.split('?', 1)[0] ?? ''),
        requireParentforOutgoingSpans: true,
      }),
      new MongoDBInstrumentation({ requireParentSpan: true }),
    ],
  });
  return {
    current,
    nameRequest: (route) => {
      const metadata = getRPCMetadata(context.active());
      if (metadata) metadata.route = route;
    },
    client: withinTraces(new OpenTelemetryWorkflowClientInterceptor()),
    activities: (activity) => {
      const traced = new OpenTelemetryActivityInboundInterceptor(activity);
      return {
        inbound: {
          execute: (input, next) => (TRACE_HEADER in input.headers ? traced.execute(input, next) : next(input)),
        },
      };
    },
    end: () =>
      Promise.race([
        provider.shutdown().catch(() => undefined),
        new Promise<void>((resolve) => setTimeout(resolve, SENT_WITHIN_MS).unref()),
      ]),
  };
}

function current(): ReturnType<Tracing['current']> {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  const { traceId, spanId, traceFlags } = span;
  const flags = (traceFlags & TraceFlags.SAMPLED).toString().padStart(2, '0');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** Wraps the interceptor so that it begins no traces of its own. */
function withinTraces(interceptor: OpenTelemetryWorkflowClientInterceptor): Tracing['client'] {
  return new Proxy(interceptor, {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver) as unknown;
      if (typeof method !== 'function') return method;
      return (input: unknown, next: (input: unknown) => unknown) =>
        current() === undefined ? next(input) : (Reflect.apply(method, target, [input, next]) as unknown);
    },
  });
}

/** The sampler of https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/; unknown names sample everything. */
function samplerOf({ OTEL_TRACES_SAMPLER: name = '', OTEL_TRACES_SAMPLER_ARG: argument }: NodeJS.ProcessEnv): Sampler {
  const ratio = Number(argument ?? 1);
  const root = name.endsWith('traceidratio')
    ? new TraceIdRatioBasedSampler(Number.isFinite(ratio) ? ratio : 1)
    : name.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new AlwaysOnSampler();
  return name === '' || name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
