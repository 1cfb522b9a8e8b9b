import type { OpenAPIObject } from '@nestjs/swagger';
import type { Deprecation } from '../../contract/deprecations.js';
import { ERRORS, type ErrorCode } from '../../contract/errors.js';
import { isReadAgain } from './conditional-answers.js';
import { describeDeprecations } from './describe-deprecations.js';
import { Examples, type ExampledSchema } from './example-of.js';
import { PROBLEM_TYPE, problemAnswer } from './problem-document.js';
import { ProblemError } from './problem-error.js';

/** Extension with the error codes of an operation, by status. */
export const PROBLEMS_EXTENSION = 'x-rollcall-problems';

type PathItem = OpenAPIObject['paths'][string];
type OperationObject = NonNullable<PathItem['get']>;
type Responses = OperationObject['responses'];
type ResponseObject = Extract<NonNullable<Responses[string]>, { description: string }>;
type MediaType = NonNullable<ResponseObject['content']>[string];
type Headers = NonNullable<ResponseObject['headers']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

const text = (description: string) => ({ description, schema: { type: 'string' } }) as const;

/** Headers of all answers with a status. */
const BY_STATUS: Readonly<Record<string, Headers>> = {
  401: { 'WWW-Authenticate': text('how to say who you are: `Bearer`') },
  ...Object.fromEntries(
    ['429', '503'].map((status) => [
      status,
      {
        'Retry-After': {
          description: 'seconds until it is worth trying again',
          schema: { type: 'integer', minimum: 1 },
        },
      } satisfies Headers,
    ]),
  ),
};
const ETAG = text('names this answer: with `If-None-Match` the same answer is 304, without a body');
const DEPRECATED: Headers = {
  Deprecation: text('from when on nobody should use it, as `@` and seconds (RFC 9745)'),
  Sunset: text('when it goes (RFC 8594)'),
};
const DRY_RUN = text('`true`: nothing was changed');

/**
 * Completes the document beyond what decorators can say: refusals as problem documents with an example of each code, headers of answers, and examples
 * of bodies and answers, derived from their schemas.
 */
export function describeOperations(document: OpenAPIObject, deprecations: readonly Deprecation[]): void {
  const schemas = document.components?.schemas ?? {};
  const examples = new ExampleComponents(schemas);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = methods[method];
      if (operation === undefined) continue;
      describeProblems(operation, examples);
      describeDeprecations(operation, schemas, deprecations);
      describeHeaders(operation, method.toUpperCase(), path);
      const body = operation.requestBody;
      const contents = [body, ...answersOf(operation).map(([, answer]) => answer)].flatMap((said) =>
        said !== undefined && 'content' in said ? Object.values(said.content ?? {}) : [],
      );
      for (const content of contents) examples.addTo(content);
    }
  }
  document.components = { ...document.components, examples: examples.components() };
}

/** Gives refusals their own media type, since Nest has one for all answers of a route. It has merged refusals of one status by the names of their examples. */
function describeProblems(operation: OperationObject, examples: ExampleComponents): void {
  const codes: Record<string, string[]> = {};
  for (const [status, answer] of answersOf(operation)) {
    const named = Object.keys(Object.values(answer.content ?? {})[0]?.examples ?? {});
    if (named.length === 0) continue;
    codes[status] = named;
    answer.content = { [PROBLEM_TYPE]: examples.problems(named as ErrorCode[]) };
  }
  Object.assign(operation, { [PROBLEMS_EXTENSION]: codes });
}

function describeHeaders(operation: OperationObject, method: string, path: string): void {
  const isConditional = isReadAgain({ method, url: path });
  if (isConditional && '200' in operation.responses)
    operation.responses['304'] = { description: 'the answer is still the one that `If-None-Match` names' };
  const hasDryRun = operation.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'dryRun');
  for (const [status, answer] of answersOf(operation)) {
    const isSuccess = status.startsWith('2');
    const headers: Headers = {
      ...BY_STATUS[status],
      ...(isConditional && (isSuccess || status === '304') ? { ETag: ETAG } : {}),
      ...(isSuccess && operation.deprecated ? DEPRECATED : {}),
      ...(isSuccess && hasDryRun ? { 'Dry-Run': DRY_RUN } : {}),
    };
    if (Object.keys(headers).length > 0) answer.headers = headers;
  }
}

function answersOf({ responses }: OperationObject): [string, ResponseObject][] {
  return Object.entries(responses) as [string, ResponseObject][];
}

/** Components for examples that several operations share, named after their schema or code. */
class ExampleComponents {
  private readonly examples: Examples;
  private readonly used = new Map<string, { summary?: string; value: unknown }>();

  constructor(schemas: Schemas) {
    this.examples = new Examples(schemas);
  }

  /** Problem documents with these codes, as examples. */
  problems(codes: readonly ErrorCode[]): MediaType {
    for (const code of codes) this.used.set(code, { summary: ERRORS[code].title, value: exampleProblem(code) });
    return {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(codes.map((code) => [code, this.ref(code)])),
    };
  }

  addTo(content: MediaType): void {
    if (content.example !== undefined || content.examples !== undefined) return;
    const schema = (content.schema ?? {}) as ExampledSchema;
    const name = schema.$ref?.split('/').at(-1);
    if (name === undefined) {
      content.example = this.examples.of(schema);
      return;
    }
    if (!this.used.has(name)) this.used.set(name, { value: this.examples.of(schema) });
    content.examples = { [name]: this.ref(name) };
  }

  components() {
    return Object.fromEntries([...this.used].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private ref(name: string): { $ref: string } {
    return { $ref: `#/components/examples/${name}` };
  }
}

const EXAMPLE_REQUEST = '0f8fad5b-d9cb-469f-a165-70867728950e';

function exampleProblem(code: ErrorCode): unknown {
  const { body } = problemAnswer(new ProblemError({ code, detail: ERRORS[code].title }), EXAMPLE_REQUEST);
  return JSON.parse(body.toString());
}
