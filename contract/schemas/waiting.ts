import { z } from 'zod';
import { parseDuration } from '../duration.js';

/** Time to wait, in a query: `most` in milliseconds, and as text. */
export const waiting = (most: number, shown: string, until: string) =>
  z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'a duration is written as 15s, 1m or 1h30m')
    .refine((text) => (parseDuration(text) ?? 0) <= most, `at most ${shown}`)
    .default('0s')
    .meta({
      description: `wait this long for ${until}, and answer as soon as it is so; at most ${shown}`,
      example: '5s',
    });
