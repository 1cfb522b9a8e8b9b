import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DEPRECATIONS, type Deprecation } from '../../contract/deprecations.js';
import { ERRORS } from '../../contract/errors.js';
import { problemSchema } from '../../contract/schemas/problem.js';
import { describeOperations } from './describe-operations.js';
import { convertZodSchema } from './zod-schema-converter.js';

type OpenApiSchemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Serves `/openapi.json` for programs and `/docs` for people. */
export function serveDocumentation(app: NestFastifyApplication, deprecations: readonly Deprecation[]): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, deprecations), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Rollcall: the API',
    // Each operation has a link; groups are collapsed. No external service validates the document.
    swaggerOptions: {
      deepLinking: true,
      docExpansion: 'none',
      filter: true,
      defaultModelsExpandDepth: 0,
      validatorUrl: null,
    },
  });
}

/** The api's OpenAPI 3.1 document, generated from the routes' decorators and the contract's zod schemas. */
export function openApiDocument(app: INestApplication, deprecations = DEPRECATIONS): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rollcall')
    .setDescription(
      'The life of compute nodes: register, approve, watch, drain, remove. Errors are RFC 9457 problem documents with a stable code.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'an api token' }, 'administrator')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "the access token that a node's key earned" },
      'agent',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    // Handlers' names are unique over all controllers and serve as operation ids, from which clients are generated.
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: convertZodSchema,
  });
  for (const operation of operationsWithBody(document)) {
    Object.assign(operation.responses, BODY_PROBLEMS, { ...operation.responses });
    markOptionalBody(operation.requestBody);
  }
  // zod's JSON Schema is OpenAPI 3.1's own dialect; the type of @nestjs/swagger still describes that of 3.0.
  const problem = convertZodSchema(problemSchema, { schemaType: 'output' }).components as OpenApiSchemas;
  document.components = { ...document.components, schemas: sorted({ ...document.components?.schemas, ...problem }) };
  describeOperations(document, deprecations);
  return document;
}

/** Refusals that every route with a body may answer before its handler. */
const BODY_PROBLEMS = Object.fromEntries(
  (['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const).map((code) => {
    const { status, title } = ERRORS[code];
    return [
      status,
      {
        description: `${code}: ${title}`,
        content: { 'application/json': { examples: { [code]: { summary: title } } } },
      },
    ];
  }),
);

/** Marks the body as optional where its schema has a default. */
function markOptionalBody(body: OperationWithBody['requestBody']): void {
  if (
    body !== undefined &&
    'content' in body &&
    body.content['application/json']?.schema &&
    'default' in body.content['application/json'].schema
  )
    body.required = false;
}

type OperationWithBody = ReturnType<typeof operationsWithBody>[number];

function operationsWithBody({ paths }: OpenAPIObject) {
  return Object.values(paths)
    .flatMap(({ post, put, patch }) => [post, put, patch])
    .filter((operation) => operation?.requestBody !== undefined)
    .flatMap((operation) => operation ?? []);
}

function sorted<Value>(map: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
