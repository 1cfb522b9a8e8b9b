import { z } from 'zod';
import { BUILT_IN_NAMES, CHECK_NAME_PATTERN, CHECKS_OF_PATHS, MOST_CHECKS, usualLimit } from '../fitness.js';
import { duration, numeric, path } from './key-types.js';

const name = z
  .string()
  .regex(CHECK_NAME_PATTERN, 'a check is named by 1 to 31 lower-case letters, digits or hyphens, a letter first');

const absolutePath = path.refine((text) => text.startsWith('/'), 'a path that begins with /');

const checkKeys = z
  .strictObject({
    Name: name.optional(),
    BuiltIn: z.enum(BUILT_IN_NAMES, `one of ${BUILT_IN_NAMES.join(', ')}`).optional(),
    Executable: absolutePath.optional(),
    Arguments: z.array(z.string().max(1_024)).max(64).default([]),
    Interval: duration('1m', { means: 'how often it runs' }, { min: '1s', max: '1d' }),
    Timeout: duration('10s', { means: 'after which it is killed' }, { min: '100ms', max: '10m' }),
    After: numeric(z.number().int().min(1).max(100)).default(1),
    For: duration('0', { means: 'how long it has to say so' }, { max: '1d' }),
    Limit: numeric(z.number().nonnegative()).optional(),
    Paths: z.array(absolutePath).min(1).max(16).optional(),
  })
  .superRefine(({ Name, BuiltIn, Executable, Arguments, Limit, Paths }, context) => {
    const issues: Record<string, string | false> = {
      Executable:
        (BuiltIn === undefined) === (Executable === undefined) &&
        'a check has either an Executable or the name of one that is BuiltIn',
      Name: Executable !== undefined && Name === undefined && 'a check with an Executable needs a Name',
      Arguments: BuiltIn !== undefined && Arguments.length > 0 && 'what is BuiltIn takes none',
      Limit:
        Limit !== undefined && (BuiltIn === undefined || usualLimit(BuiltIn) === undefined) && 'this check has none',
      Paths: Paths !== undefined && !(BuiltIn && CHECKS_OF_PATHS.includes(BuiltIn)) && 'this check looks at none',
    };
    for (const [key, message] of Object.entries(issues))
      if (message !== false) context.addIssue({ code: 'custom', path: [key], message });
  })
  .transform((check) => ({ ...check, Name: check.Name ?? check.BuiltIn ?? '' }));

/** A check as configured. Durations are milliseconds. */
export type CheckSettings = z.output<typeof checkKeys>;

/** A built-in check may be written as its name alone: `Checks: [disk, memory]`. */
export const checkList = z
  .array(z.preprocess((value) => (typeof value === 'string' ? { BuiltIn: value } : value), checkKeys))
  .max(MOST_CHECKS)
  .superRefine((checks, context) => {
    const names = checks.map(({ Name }) => Name);
    const twice = names.find((one, index) => names.indexOf(one) !== index);
    if (twice !== undefined) context.addIssue({ code: 'custom', message: `two checks are named ${twice}` });
  })
  .default([]);
