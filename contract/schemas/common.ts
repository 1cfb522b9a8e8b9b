import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { NODE_NAME_PATTERN } from '../node-name.js';
import { MOST_SCOPE_TERMS, SCOPED_ROLES } from '../grants.js';
import { LABEL_TERM } from '../labels.js';

/** Parts shared by the HTTP schemas. Times are ISO 8601 in UTC, sizes are bytes, utilisations are 0 to 1. */
export const timestamp = z.iso.datetime();
/** A time as people and programs may write it, with any offset from UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: 'write it as 2027-01-31T12:00:00Z or 2027-01-31T13:00:00+01:00' })
  .max(40);

/** Lifetime of a secret. */
export const lifetime = (fallback: string, min: string, max: string) => boundedDuration(min, max).default(fallback);

export const boundedDuration = (min: string, max: string) =>
  z
    .string()
    .max(32)
    .refine((text) => {
      const ms = parseDuration(text);
      return ms !== undefined && ms >= (parseDuration(min) ?? 0) && ms <= (parseDuration(max) ?? 0);
    }, `a duration from ${min} to ${max}`);

export const nodeName = z
  .string()
  .regex(
    NODE_NAME_PATTERN,
    '1 to 63 lower-case letters, digits, dots or hyphens, beginning and ending with a letter or digit',
  )
  .meta({ example: 'node-1' });

/** Name of a file that machines download: without folders, and not hidden. */
export const packageName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.+~-]{0,127}$/, '1 to 128 letters, digits, dots, hyphens, underscores, + or ~')
  .meta({ example: 'SHA256SUMS' });

/** Text written by people: no control characters except line breaks and tabs. */
// oxlint-disable-next-line no-control-regex -- control characters are what it refuses
const CONTROL = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/;
export const prose = (max: number) => z.string().max(max).regex(CONTROL, 'must not contain control characters');

/** Text reported by machines: shown as text, never as markup. */
export const reported = prose(256);

export const labelKey = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?$/,
    'a label key has 1 to 63 letters, digits, dots, hyphens, underscores or slashes',
  );
const labelValue = z
  .string()
  .max(63)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/,
    'a label value has at most 63 letters, digits, dots, hyphens or underscores',
  );
export const MOST_LABELS = 64;
export const labels = z
  .record(labelKey, labelValue)
  .refine((map) => Object.keys(map).length <= MOST_LABELS, `at most ${MOST_LABELS} labels`)
  .meta({ example: { pool: 'a' } });

/** At most 2^53 - 1, above which JSON parsers round. */
export const bytes = z.number().int().nonnegative();
export const fraction = z.number().min(0).max(1);
/** At most 2^53 - 1 too. */
export const count = z.number().int().nonnegative();
/** A sum over many nodes, which may exceed the maximum of one. */
export const sum = z.number().nonnegative();

/** A query parameter that may be repeated. */
export const oneOrMore = <Value extends z.ZodType>(value: Value) => z.union([value, z.array(value).max(16)]).optional();
/** The values of {@link oneOrMore} as a list. */
export function asList<Value extends string>(values: Value | Value[] | undefined): Value[] | undefined {
  return values === undefined || Array.isArray(values) ? values : [values];
}

/** A label that a node must have, with any value or with this one. */
export const labelQuery = z
  .string()
  .max(127)
  .regex(/^[^=\s]{1,63}(=\S{0,63})?$/, 'write it as key or key=value');

/** Queries are text. (z.coerce would also make numbers of "", " 5", 0x10 and [5].) */
function decimal(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** Query of a page: `limit` items after `cursor`, which is the `nextCursor` of the previous page. */
export const pageQuery = {
  limit: z.preprocess(decimal, z.number().int().min(1).max(1_000).default(100)),
  cursor: z.string().max(512).optional(),
};

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const scopedRole = z.enum(SCOPED_ROLES);

/** Labels, all of which a node must have. */
export const scopeSchema = z
  .array(z.string().max(127).regex(LABEL_TERM, 'write it as key or key=value'))
  .min(1)
  .max(MOST_SCOPE_TERMS)
  .meta({ example: ['pool=a'] });
