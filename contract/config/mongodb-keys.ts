import { z } from 'zod';
import { key } from './key-about.js';

export const mongodbKeys = z.strictObject({
  URI: key(
    z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, 'a MongoDB URI begins with mongodb:// or mongodb+srv://')
      .optional(),
    { means: 'a replica set', secret: true, embedded: true },
  ),
});
