import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemSchema } from '../../contract/schemas/problem.js';
import { convertZodSchema } from './zod-schema-converter.js';

type OpenApiSchemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** The api's description of itself: OpenAPI 3.1, made of the routes' decorators and the contract's zod schemas. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rollcall')
    .setDescription('The life of compute nodes: register, approve, watch, drain, remove. Errors are RFC 9457 problem documents with a stable code.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'an api token' }, 'administrator')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "the access token that a node's key earned" }, 'agent')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    // Handlers are named as operations, uniquely over all controllers: clients are generated from these names.
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: convertZodSchema,
  });
  // zod's JSON Schema is OpenAPI 3.1's own dialect; the type of @nestjs/swagger still describes that of 3.0.
  const problem = convertZodSchema(problemSchema, { schemaType: 'output' }).components as OpenApiSchemas;
  document.components = { ...document.components, schemas: sorted({ ...document.components?.schemas, ...problem }) };
  return document;
}

function sorted<Value>(map: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
