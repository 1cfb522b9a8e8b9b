import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * JSON Schema of a zod schema for openapi.json. Schemas with an id (`.meta({id})`) become components, so that generated
 * clients have a named type for each.
 */
export function convertZodSchema(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): { schema: JsonSchema; components: Record<string, JsonSchema> } {
  const {
    $schema: _dialect,
    $defs = {},
    ...root
  } = z.toJSONSchema(schema as z.ZodType, { io: schemaType, target: 'draft-2020-12', override: leaveOpen });
  const components = Object.fromEntries(Object.entries($defs).map(([id, definition]) => [id, withoutId(definition)]));
  if (root.id === undefined) return { schema: root, components };
  return { schema: { $ref: `#/$defs/${root.id}` }, components: { ...components, [root.id]: withoutId(root) } };
}

/** What takes fields that it does not know may have more of them, in answers too: newer versions add some (docs/adr/0031). */
function leaveOpen({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}

/** OpenAPI's tools read `id` as an unknown keyword. */
function withoutId(schema: JsonSchema): JsonSchema {
  const { id: _id, ...rest } = schema;
  return rest;
}
