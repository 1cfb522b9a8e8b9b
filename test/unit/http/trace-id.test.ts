import { expect, test } from '@jest/globals';
import { problemAnswer } from '../../../src/http/problem-document.js';
import { ProblemError } from '../../../src/http/problem-error.js';
import { traceIdOf } from '../../../src/tracing/tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

test("a request belongs to its caller's trace, even if this process exports none", () => {
  expect(traceIdOf({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` })).toBe(TRACE);
  // A later version may have more fields at the end.
  expect(traceIdOf({ traceparent: `cc-${TRACE}-00f067aa0ba902b7-01-what-comes` })).toBe(TRACE);
});

test.each([
  undefined,
  '',
  TRACE,
  `00-${TRACE}`,
  `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-${TRACE}"}-00f067aa0ba902b7-01`,
])('an invalid traceparent (%s) is ignored', (traceparent) => {
  expect(traceIdOf(traceparent === undefined ? {} : { traceparent })).toBeUndefined();
});

test("a problem has the trace's id if there is a trace", () => {
  const problem = new ProblemError({ code: 'UNAVAILABLE', detail: 'the database does not answer' });
  const document = (traceId?: string) => JSON.parse(problemAnswer(problem, 'r', traceId).body.toString()) as object;
  expect(document(TRACE)).toMatchObject({ traceId: TRACE, instance: 'urn:uuid:r' });
  expect(document()).not.toHaveProperty('traceId');
});
