import { describe, expect, test } from '@jest/globals';
import { inheritedTrace, newTrace, traceIdIn, tracesAreCollected } from '../../../contract/process/trace-context.js';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${ID}-00f067aa0ba902b7-01`;

describe("the parent process's trace", () => {
  test('is propagated unchanged, with its state', () => {
    expect(inheritedTrace({ TRACEPARENT, TRACESTATE: 'vendor=1' })).toEqual({
      traceId: ID,
      headers: { traceparent: TRACEPARENT, tracestate: 'vendor=1' },
    });
    expect(inheritedTrace({ TRACEPARENT })).toEqual({ traceId: ID, headers: { traceparent: TRACEPARENT } });
  });

  test.each([
    ['nothing', undefined],
    ['no text', ''],
    ['words', 'on'],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a span of zeros', `00-${ID}-${'0'.repeat(16)}-01`],
    ['the version that never is', `ff-${ID}-00f067aa0ba902b7-01`],
    ['capitals', TRACEPARENT.toUpperCase()],
    ['more than it should', `${TRACEPARENT}\r\nx-evil: 1`],
  ])('is absent if TRACEPARENT is %s', (_, text) => {
    expect(inheritedTrace({ TRACEPARENT: text, TRACESTATE: 'vendor=1' })).toBeUndefined();
  });

  test('of a later version is read as far as it is known', () => {
    expect(traceIdIn(`01-${ID}-00f067aa0ba902b7-01-more`)).toBe(ID);
  });

  test('has no state that is not a valid header', () => {
    for (const TRACESTATE of ['', 'a\r\nb: c', 'x'.repeat(513)])
      expect(inheritedTrace({ TRACEPARENT, TRACESTATE })?.headers).toEqual({ traceparent: TRACEPARENT });
  });
});

test('a new trace is valid, sampled, and unique', () => {
  const [one, other] = [newTrace(), newTrace()];
  expect(traceIdIn(one.headers.traceparent)).toBe(one.traceId);
  expect(one.headers.traceparent).toMatch(/^00-.*-01$/);
  expect(one.traceId).not.toBe(other.traceId);
});

test.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'True' }, false],
])('by %j traces are collected: %s', (env, expected) => {
  expect(tracesAreCollected(env)).toBe(expected);
});
