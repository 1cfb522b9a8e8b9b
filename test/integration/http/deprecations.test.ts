import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DEPRECATIONS, type Deprecation } from '../../../contract/deprecations.js';
import { DescriptionModule } from '../../../src/description.module.js';
import { configureApi, fastifyAdapter } from '../../../src/http/api-server.js';
import { openApiDocument } from '../../../src/http/openapi-document.js';

const GOES = { since: '2027-01-31', sunset: '2027-09-30', instead: 'use something else' };
const DEPRECATED: Deprecation[] = [
  { operation: 'getLiveness', ...GOES },
  { operation: 'listNodes', parameter: 'outdated', ...GOES },
  { operation: 'createNode', parameter: 'description', ...GOES },
  { operation: 'createNode', parameter: 'labels', ...GOES, since: '2026-12-31', sunset: '2027-12-31' },
];

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(DescriptionModule, fastifyAdapter(), {
    // There is nothing behind the handlers, so their failures are logged.
    logger: false,
    bodyParser: false,
  });
  await configureApi(app, { isUnavailable: () => false, ready: Promise.resolve() }, undefined, DEPRECATED);
  await app.init();
});
afterAll(() => app.close());

const headersOf = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const { headers } = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return { deprecation: headers['deprecation'], sunset: headers['sunset'], link: headers['link'] };
};
const TOLD = {
  deprecation: '@1801353600',
  sunset: 'Thu, 30 Sep 2027 00:00:00 GMT',
  link: '</docs>; rel="deprecation"; type="text/html"',
};
const NOTHING = { deprecation: undefined, sunset: undefined, link: undefined };

describe('a deprecation is announced', () => {
  test('in answers of the operation', async () => {
    expect(await headersOf('GET', '/livez')).toEqual(TOLD);
    expect(await headersOf('GET', '/readyz')).toEqual(NOTHING);
  });

  test('to users of a parameter or a field, and to nobody else', async () => {
    expect(await headersOf('GET', '/v1/nodes?outdated=true')).toEqual(TOLD);
    expect(await headersOf('GET', '/v1/nodes')).toEqual(NOTHING);
    expect(await headersOf('POST', '/v1/nodes', { name: 'node-1', description: 'rack 4' })).toEqual(TOLD);
    expect(await headersOf('POST', '/v1/nodes', { name: 'node-1' })).toEqual(NOTHING);
  });

  test('with the earliest dates if there are several', async () => {
    expect(await headersOf('POST', '/v1/nodes', { name: 'node-1', description: '', labels: {} })).toEqual({
      ...TOLD,
      deprecation: '@1798675200',
    });
  });

  test('in openapi.json', () => {
    const { paths, components } = openApiDocument(app, DEPRECATED);
    expect(paths['/livez']?.get).toMatchObject({
      deprecated: true,
      description: 'Deprecated from 2027-01-31, gone on 2027-09-30: use something else.',
      responses: { 200: { headers: { Deprecation: {}, Sunset: {} } } },
    });
    expect(paths['/v1/nodes']?.get?.parameters).toContainEqual(
      expect.objectContaining({ name: 'outdated', deprecated: true }),
    );
    expect(components?.schemas?.['CreateNodeRequest']).toMatchObject({ properties: { labels: { deprecated: true } } });
  });

  test('only for what exists', () => {
    const { paths } = openApiDocument(app);
    const operations = Object.values(paths).flatMap((methods) =>
      Object.values(methods as Record<string, { operationId?: string }>),
    );
    const names = operations.map(({ operationId }) => operationId);
    expect(DEPRECATIONS.filter(({ operation }) => !names.includes(operation))).toEqual([]);
    const wrong = [{ operation: 'listNodes', parameter: 'nothing', ...GOES }];
    expect(() => openApiDocument(app, wrong)).toThrow('listNodes has no nothing');
  });
});
