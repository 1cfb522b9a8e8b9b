import { z } from 'zod';

export const apiVersionsSchema = z
  .strictObject({
    release: z.string().meta({ description: 'of the replica that answers', example: '1.2.3' }),
    versions: z
      .array(z.strictObject({ version: z.string(), status: z.enum(['current', 'deprecated']) }))
      .meta({ description: 'of the API, as its addresses begin', example: [{ version: 'v1', status: 'current' }] }),
    deprecations: z
      .array(
        z.strictObject({
          operation: z.string(),
          parameter: z.string().nullable().meta({ description: 'or field of the body; null: all of the operation' }),
          since: z.iso.date(),
          sunset: z.iso.date().meta({ description: 'the day on which it goes' }),
          instead: z.string(),
        }),
      )
      .meta({ description: 'what is still there, and is to go', example: [] }),
  })
  .meta({ id: 'ApiVersions' });
export type ApiVersions = z.infer<typeof apiVersionsSchema>;
