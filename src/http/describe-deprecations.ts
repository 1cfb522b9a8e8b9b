import type { OpenAPIObject } from '@nestjs/swagger';
import type { Deprecation } from '../../contract/deprecations.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
interface Named {
  name?: string;
  deprecated?: boolean;
}
interface Schema {
  $ref?: string;
  properties?: Record<string, object>;
}

/** Marks the deprecated parts of an operation in openapi.json. */
export function describeDeprecations(
  operation: Operation,
  schemas: Readonly<Record<string, object>>,
  deprecations: readonly Deprecation[],
): void {
  for (const row of deprecations.filter(({ operation: name }) => name === operation.operationId)) {
    const about = `Deprecated from ${row.since}, gone on ${row.sunset}: ${row.instead}.`;
    const deprecated = row.parameter === undefined ? operation : placeOf(row.parameter, operation, schemas);
    if (deprecated === undefined) throw new Error(`${row.operation} has no ${row.parameter}`);
    const description = 'description' in deprecated ? `${String(deprecated.description)}\n\n${about}` : about;
    Object.assign(deprecated, { deprecated: true, description });
  }
}

/** A parameter, or a field of the body. */
function placeOf(name: string, { parameters = [], requestBody }: Operation, schemas: Readonly<Record<string, object>>) {
  const parameter = parameters.find((one) => (one as Named).name === name);
  if (parameter !== undefined) return parameter;
  const body =
    requestBody !== undefined && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  const { $ref, properties } = (body?.schema ?? {}) as Schema;
  const component: Schema | undefined = schemas[$ref?.split('/').at(-1) ?? ''];
  return (component?.properties ?? properties)?.[name];
}
