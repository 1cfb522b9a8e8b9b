import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ERRORS } from '../../../contract/errors.js';
import { DescriptionModule } from '../../../src/description.module.js';
import { configureApi, fastifyAdapter } from '../../../src/http/api-server.js';
import { openApiDocument } from '../../../src/http/openapi-document.js';

let app: NestFastifyApplication;
let document: OpenAPIObject;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(DescriptionModule, fastifyAdapter(), {
    logger: ['error'],
    bodyParser: false,
  });
  await configureApi(app, { isUnavailable: () => false, ready: Promise.resolve() });
  await app.init();
  document = openApiDocument(app);
});
afterAll(() => app.close());

test('openapi.json matches the routes (if not: npm run openapi)', () => {
  expect(JSON.parse(readFileSync('openapi.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
});

test('every operation has a unique name and a summary, and declares its problems', () => {
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(
      path as Record<string, { operationId: string; summary?: string; responses: Record<string, unknown> }>,
    ),
  );
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { operationId, summary, responses } of operations) {
    expect([operationId, summary]).toEqual([operationId, expect.stringMatching(/\w/)]);
    expect([operationId, Object.keys(responses)]).toEqual([operationId, expect.arrayContaining(['400', '500', '503'])]);
  }
});

test('the codes of the problem schema are those of the contract', () => {
  const problem = document.components?.schemas?.['Problem'] as { properties: { code: { enum: string[] } } };
  expect(problem.properties.code.enum).toEqual(Object.keys(ERRORS));
});

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

interface Described {
  $ref?: string;
  type?: string;
  properties?: Record<string, Described>;
  additionalProperties?: unknown;
  items?: Described;
  anyOf?: Described[];
}

/** Paths of the objects in a schema that allow unknown fields, and of those that do not. */
function objectsOf(schema: Described, at: string): { open: string[]; closed: string[] } {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/components/schemas/', '');
    return objectsOf((document.components?.schemas?.[name] ?? {}) as Described, at);
  }
  const inner = [
    ...Object.entries(schema.properties ?? {}).map(([key, value]) => objectsOf(value, `${at}.${key}`)),
    ...[schema.items ?? [], schema.anyOf ?? []].flat().map((value) => objectsOf(value, at)),
  ];
  const isClosed = schema.additionalProperties === false;
  return {
    open: [...(schema.properties && !isClosed ? [at] : []), ...inner.flatMap(({ open }) => open)],
    closed: [...(schema.properties && isClosed ? [at] : []), ...inner.flatMap(({ closed }) => closed)],
  };
}

test("agents' requests and answers may have unknown fields, administrators' may not", () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations as Record<string, OperationObject>)) {
      const contents = [
        operation.requestBody,
        ...(path.startsWith('/v1/agent/') ? Object.values(operation.responses) : []),
      ];
      const found = contents
        .flatMap((said) => (said && 'content' in said ? Object.values(said.content ?? {}) : []))
        .map(({ schema }) => objectsOf((schema ?? {}) as Described, `${method} ${path}`));
      if (path.startsWith('/v1/agent/')) expect(found.flatMap(({ closed }) => closed)).toEqual([]);
      else expect(found.flatMap(({ open }) => open)).toEqual([]);
    }
  }
});

test('it is served, with a page for people', async () => {
  const served = await app.inject('/openapi.json');
  expect(served.json()).toEqual(JSON.parse(JSON.stringify(document)));
  const page = await app.inject('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
});
