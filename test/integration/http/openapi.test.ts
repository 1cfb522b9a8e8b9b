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

test('openapi.json is what the routes say: `npm run openapi` writes it', () => {
  expect(JSON.parse(readFileSync('openapi.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
});

test('every operation has a name of its own, a summary, and declares its problems', () => {
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

test('it is served, with a page for people', async () => {
  const served = await app.inject('/openapi.json');
  expect(served.json()).toEqual(JSON.parse(JSON.stringify(document)));
  const page = await app.inject('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
});
