import { EXAMPLE_VALUES } from './example-values.js';

/** The subset of JSON Schema that zod generates for our schemas. */
export interface ExampledSchema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: ExampledSchema[];
  example?: unknown;
  format?: string;
  properties?: Record<string, ExampledSchema>;
  required?: string[];
  additionalProperties?: ExampledSchema | boolean;
  propertyNames?: { enum?: string[] };
  items?: ExampledSchema;
  prefixItems?: ExampledSchema[];
  minItems?: number;
  minimum?: number;
}

const COMPONENT = '#/components/schemas/';
const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-11-30T08:15:00.000Z',
  uuid: '0f8fad5b-d9cb-469f-a165-70867728950e',
  uri: 'https://rollcall.example',
};
const BY_TYPE: Readonly<Record<string, unknown>> = { string: 'text', boolean: false, null: null };

/** Generates examples that the schemas of a document accept. */
export class Examples {
  /** @param components by name */
  constructor(private readonly components: Readonly<Record<string, ExampledSchema>>) {}

  /** @param within names of the enclosing values, innermost last */
  of(schema: ExampledSchema, within: readonly string[] = []): unknown {
    const named = EXAMPLE_VALUES[within.slice(-2).join('.')];
    if (named !== undefined && fits(named, schema)) return named;
    if (schema.example !== undefined) return schema.example;
    const field = EXAMPLE_VALUES[within.at(-1) ?? ''];
    if (field !== undefined && fits(field, schema)) return field;
    if (schema.$ref !== undefined) return this.ofComponent(schema.$ref.replace(COMPONENT, ''), within);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    if (schema.anyOf !== undefined) return this.of(schema.anyOf[0] ?? {}, within);
    const [type = ''] = typesOf(schema);
    if (type === 'object') return this.ofObject(schema, within);
    if (type === 'array') return this.ofArray(schema, within);
    if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 0, 1);
    return BY_FORMAT[schema.format ?? ''] ?? BY_TYPE[type] ?? {};
  }

  private ofComponent(name: string, within: readonly string[]): unknown {
    return this.of(this.components[name] ?? {}, [...within, name]);
  }

  private ofObject(schema: ExampledSchema, within: readonly string[]): unknown {
    const { properties, required = [], additionalProperties, propertyNames } = schema;
    if (properties !== undefined) {
      const shown = Object.entries(properties).filter(
        ([key]) => required.includes(key) || !isLeftOut([...within, key]),
      );
      return Object.fromEntries(shown.map(([key, value]) => [key, this.of(value, [...within, key])]));
    }
    if (typeof additionalProperties !== 'object') return {};
    const keys = required.length > 0 ? required : [propertyNames?.enum?.[0] ?? 'pool'];
    return Object.fromEntries(keys.map((key) => [key, this.of(additionalProperties, [...within, key])]));
  }

  private ofArray({ items = {}, prefixItems, minItems = 1 }: ExampledSchema, within: readonly string[]): unknown {
    if (prefixItems !== undefined) return prefixItems.map((item) => this.of(item, within));
    return Array.from({ length: Math.max(minItems, 1) }, () => this.of(items, within));
  }
}

/** Whether the table excludes it, because the example is clearer without. */
function isLeftOut(path: readonly string[]): boolean {
  const names = [path.slice(-2).join('.'), path.at(-1) ?? ''];
  const name = names.find((one) => one in EXAMPLE_VALUES);
  return name !== undefined && EXAMPLE_VALUES[name] === undefined;
}

function fits(value: unknown, schema: ExampledSchema): boolean {
  if (schema.anyOf !== undefined) return schema.anyOf.some((one) => fits(value, one));
  if (schema.enum !== undefined) return schema.enum.includes(value);
  if (schema.format === 'date-time' && typeof value === 'string') return !Number.isNaN(Date.parse(value));
  const types = typesOf(schema);
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array') && value.every((one) => fits(one, schema.items ?? {}));
  if (typeof value === 'number') return types.includes('number') || types.includes('integer');
  return types.length === 0 || types.includes(typeof value);
}

function typesOf({ type = [] }: ExampledSchema): string[] {
  return [type].flat();
}
