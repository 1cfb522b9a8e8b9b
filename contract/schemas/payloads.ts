import { z } from 'zod';

/** Bytes in protobuf's JSON. */
const base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'bytes are written in base64');

/** Payloads in the format of Temporal's remote codec protocol: `temporal.api.common.v1.Payloads` in protobuf's JSON. */
export const payloadsSchema = z
  .strictObject({
    payloads: z
      .array(
        z.strictObject({
          metadata: z.record(z.string(), base64).nullish(),
          data: base64.nullish(),
          externalPayloads: z
            .array(z.record(z.string(), z.unknown()))
            .max(0, 'Rollcall keeps no payload elsewhere')
            .nullish(),
        }),
      )
      .max(4_000),
  })
  .meta({ id: 'Payloads' });
export type Payloads = z.infer<typeof payloadsSchema>;
