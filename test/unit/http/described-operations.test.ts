import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../../contract/errors.js';
import { ROLES } from '../../../contract/grants.js';
import { API_CONTROLLERS } from '../../../src/api.controllers.js';
import { ACCESS_EXTENSION } from '../../../src/auth/access.decorators.js';
import { PROBLEMS_EXTENSION } from '../../../src/http/describe-operations.js';

interface MediaType {
  schema: object;
  example?: unknown;
  examples?: Record<string, { $ref: string }>;
}
interface Answer {
  content?: Record<string, MediaType>;
  headers?: Record<string, unknown>;
}
interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  security?: Record<string, string[]>[];
  requestBody?: Answer;
  responses: Record<string, Answer>;
  [ACCESS_EXTENSION]: string;
  [PROBLEMS_EXTENSION]: Record<string, ErrorCode[]>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { examples: Record<string, { value: unknown }>; schemas: Record<string, object> };
}

const description = JSON.parse(readFileSync(join(import.meta.dirname, '../../../openapi.json'), 'utf8')) as Description;
const OPERATIONS = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: operation.operationId, method, path, operation })),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: 'https://rollcall.example/openapi', components: description.components });

const validators = new Map<string, ValidateFunction>();

/** Errors of an example, according to an independent validator. */
function faultsOf(schema: object, example: unknown): string[] {
  const here = JSON.stringify(schema).replaceAll('"#/', '"https://rollcall.example/openapi#/');
  const validate = validators.get(here) ?? ajv.compile(JSON.parse(here) as object);
  validators.set(here, validate);
  validate(example);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function examplesOf({ example, examples = {} }: MediaType): unknown[] {
  const named = Object.values(examples).map(
    ({ $ref }) => description.components.examples[$ref.replace('#/components/examples/', '')]?.value,
  );
  return example === undefined ? named : [example, ...named];
}

test.each(OPERATIONS)(
  '$name has an example of its body and of each answer, valid for their schemas',
  ({ operation }) => {
    const said = [operation.requestBody, ...Object.values(operation.responses)];
    const contents = said.flatMap((one) => Object.values(one?.content ?? {}));
    for (const content of contents) {
      const examples = examplesOf(content);
      expect(examples.length).toBeGreaterThan(0);
      expect(examples.flatMap((example) => faultsOf(content.schema, example))).toEqual([]);
    }
  },
);

test.each(OPERATIONS)('$name lists its error codes by status', ({ operation }) => {
  const codes = operation[PROBLEMS_EXTENSION];
  const refusals = Object.entries(operation.responses).filter(
    ([, { content = {} }]) => 'application/problem+json' in content,
  );
  expect(Object.keys(codes)).toEqual(refusals.map(([status]) => status));
  for (const [status, answer] of refusals) {
    const examples = answer.content?.['application/problem+json']?.examples ?? {};
    expect(Object.keys(examples)).toEqual(codes[status]);
    expect(codes[status]?.map((code) => String(ERRORS[code].status))).toEqual(codes[status]?.map(() => status));
  }
});

test.each(OPERATIONS)('$name declares who may call it', ({ operation }) => {
  const access = operation[ACCESS_EXTENSION];
  const expected: Record<string, unknown> = {
    public: undefined,
    stranger: undefined,
    agent: [{ agent: [] }],
    ...Object.fromEntries(ROLES.map((role) => [role, [{ administrator: [role] }]])),
  };
  expect(Object.keys(expected)).toContain(access);
  expect(operation.security).toEqual(expected[access]);
});

test.each(OPERATIONS)('$name names the headers that clients act on', ({ operation, method, path }) => {
  const { responses, parameters = [] } = operation;
  for (const status of ['429', '503'])
    expect(Object.keys(responses[status]?.headers ?? {})).toEqual(status in responses ? ['Retry-After'] : []);
  const success = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const isPolled = method === 'get' && /^\/v1\/(?!agent\/|events|login)/.test(path);
  for (const [, { headers = {} }] of success) expect('ETag' in headers).toBe(isPolled);
  const unchanged = isPolled ? { description: expect.any(String), headers: { ETag: expect.anything() } } : undefined;
  expect(responses['304']).toEqual(unchanged);
  const takesKey = parameters.some(({ name, in: where }) => where === 'header' && name === 'Idempotency-Key');
  expect(takesKey).toBe(Object.values(operation[PROBLEMS_EXTENSION]).flat().includes('IDEMPOTENCY_KEY_REUSED'));
  const hasDryRun = parameters.some(({ name }) => name === 'dryRun');
  for (const [, { headers = {} }] of success) expect('Dry-Run' in headers).toBe(hasDryRun);
});

test('examples of bodies are what handlers accept', () => {
  const schemas = API_CONTROLLERS.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((handler) => {
      const parameters = (Reflect.getMetadata('__routeArguments__', controller, handler) ?? {}) as Record<
        string,
        { schema?: z.ZodType }
      >;
      // Nest's number for bodies.
      const body = Object.entries(parameters).find(([key]) => key.startsWith('3:'))?.[1].schema;
      return body === undefined ? [] : [{ handler, body }];
    }),
  );
  const withBody = OPERATIONS.filter(({ operation }) => operation.requestBody !== undefined);
  expect(schemas.map(({ handler }) => handler).sort()).toEqual(withBody.map(({ name }) => name).sort());
  for (const { handler, body } of schemas) {
    const content = withBody.find(({ name }) => name === handler)?.operation.requestBody?.content ?? {};
    for (const example of Object.values(content).flatMap(examplesOf))
      expect([handler, body.safeParse(example).error?.issues]).toEqual([handler, undefined]);
  }
});
