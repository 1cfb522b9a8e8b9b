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

/** Whoever collects may be away: a stop waits for so long, in milliseconds. */
const SENT_WITHIN_MS = 2_000;
/** What is asked all the time, or waits: metrics tell of it. */
const UNTRACED = new Set(['/livez', '/readyz', '/metrics', '/v1/agent/commands', HEARTBEAT_ROUTE]);
/** As the interceptors of Temporal name it. */
const TRACE_HEADER = '_tracer-data';

/**
 * Traces requests, what they say to Temporal, the activities that follow from it, and what these ask of MongoDB. A trace begins with a request, or
 * goes on with its `traceparent`; what nobody asked for (the reconciler, heartbeats) has none. Where to send it is in the environment.
 * @param service what the process is called where OTEL_SERVICE_NAME does not say
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

/** An interceptor that begins no trace of its own. */
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

/** As https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ has it; what it does not know is all of it. */
function samplerOf({ OTEL_TRACES_SAMPLER: name = '', OTEL_TRACES_SAMPLER_ARG: argument }: NodeJS.ProcessEnv): Sampler {
  const ratio = Number(argument ?? 1);
  const root = name.endsWith('traceidratio')
    ? new TraceIdRatioBasedSampler(Number.isFinite(ratio) ? ratio : 1)
    : name.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new AlwaysOnSampler();
  return name === '' || name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
