import { z } from 'zod';
import { formatDuration, parseDuration } from '../duration.js';
import { NODE_NAME_PATTERN } from '../node-name.js';
import { expandHome } from './expand-home.js';
import { key, type KeyAbout } from './key-about.js';

/** Durations are written as text (`15s`) and parsed to milliseconds. */
export function duration(fallback: string, about: KeyAbout, bounds: { min?: string; max?: string } = {}) {
  const min = parseDuration(bounds.min ?? '0') as number;
  const max = parseDuration(bounds.max ?? '365d') as number;
  const syntax = 'a duration is written as 15s, 1m or 1h30m';
  return key(
    z
      // YAML parses a bare 0 or 15 as a number: 0 is a duration, and 15 gets the same error as "15".
      .union([z.string(), z.number().transform(String)], syntax)
      .default(fallback)
      .transform((text, context) => {
        const ms = parseDuration(text);
        if (ms === undefined) {
          context.addIssue({ code: 'custom', message: syntax });
          return z.NEVER;
        }
        if (ms < min || ms > max) {
          context.addIssue({
            code: 'custom',
            message: `it must be from ${formatDuration(min)} to ${formatDuration(max)}`,
          });
          return z.NEVER;
        }
        return ms;
      }),
    { ...about, unit: 'duration' },
  );
}

/** Environment and flags give numbers as text. (z.coerce would also make numbers of true, "" and [5].) */
export const numeric = (type: z.ZodNumber) =>
  z.preprocess((value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value), type);
export const port = numeric(z.number().int().min(0).max(65_535));
export const perSecond = (fallback: number, about: KeyAbout) =>
  key(numeric(z.number().positive().max(1_000_000)).default(fallback), { ...about, unit: 'per second' });
export const toggle = z.union([z.boolean(), z.stringbool()], 'it must be true or false');
export const path = z
  .string()
  .min(1)
  .transform((text) => expandHome(text));

/** A node's name; contract/schemas has the same for requests, with its own messages. */
export const configuredName = z
  .string()
  .regex(
    NODE_NAME_PATTERN,
    'a node name has 1 to 63 lower-case letters, digits, dots or hyphens, and begins and ends with a letter or digit',
  );

/** A certificate and its key are only useful together. */
export function bothOrNeither(
  { CertFile, KeyFile }: { CertFile?: string | undefined; KeyFile?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if ((CertFile === undefined) === (KeyFile === undefined)) return;
  const [has, lacks] = CertFile === undefined ? ['KeyFile', 'CertFile'] : ['CertFile', 'KeyFile'];
  context.addIssue({ code: 'custom', path: [lacks], message: `only ${has} is set, and TLS needs both` });
}
