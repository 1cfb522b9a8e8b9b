import { fc } from '@fast-check/jest';
import { z } from 'zod';

/** The parts of JSON Schema that zod generates for Rollcall's request schemas. */
interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** Fields whose schema has constraints that JSON Schema cannot express. */
const DURATIONS = new Set(['expiresIn', 'deadline', 'removeAfter']);

/** Documents that `schema` accepts. */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const root = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return arbitrary(root, root);
}

function arbitrary(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return arbitrary(root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {}, root);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => arbitrary(one, root)));
  switch (schema.type) {
    case 'object':
      return objects(schema, root);
    case 'array':
      return fc.array(arbitrary(schema.items ?? {}, root), {
        minLength: schema.minItems ?? 0,
        maxLength: 3,
      });
    case 'string':
      return strings(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000_000, 1_000_000) });
    case 'number':
      return fc
        .double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e6, noNaN: true })
        .map((value) => (Object.is(value, -0) ? 0 : value));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
}

function objects(
  { properties, required = [], additionalProperties, propertyNames }: JsonSchema,
  root: JsonSchema,
): fc.Arbitrary<unknown> {
  if (properties === undefined) {
    return fc.dictionary(strings(propertyNames ?? {}), arbitrary(additionalProperties as JsonSchema, root), {
      maxKeys: 4,
      noNullPrototype: true,
    });
  }
  const model = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      DURATIONS.has(key) ? fc.constantFrom('1m', '90m', '1h30m', '24h') : arbitrary(value, root),
    ]),
  );
  return fc.record(model, { requiredKeys: required, noNullPrototype: true });
}

function strings({ format, pattern, minLength = 0, maxLength = 64 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  const text =
    pattern === undefined
      ? fc.string({ minLength, maxLength: Math.min(maxLength, 64) })
      : fc.stringMatching(new RegExp(pattern));
  return text.filter(({ length }) => length >= minLength && length <= maxLength);
}

/** Mutations of a document. */
export interface Mutation {
  /** Index of the document's object or value to change, modulo their number. */
  at: number;
  kind: 'unknown key' | 'wrong type';
  value: unknown;
}

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(1_000),
  kind: fc.constantFrom('unknown key' as const, 'wrong type' as const),
  value: fc.constantFrom<unknown>(
    { $ne: null },
    { $gt: '' },
    [],
    [[]],
    {},
    true,
    -1.5,
    1e308,
    '\u0000',
    '__proto__',
    null,
    ['a', 'b'],
    { constructor: { prototype: 1 } },
  ),
});

/** A copy of the document with one mutation. */
export function mutated(document: unknown, { at, kind, value }: Mutation): unknown {
  const copy: unknown = structuredClone(document);
  const places = placesOf(copy);
  if (kind === 'unknown key' || places.length === 0) return { ...(copy as object), [`unknown-${at % 7}`]: value };
  const place = places[at % places.length];
  if (place) place.holder[place.key] = value;
  return copy;
}

function placesOf(value: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}
