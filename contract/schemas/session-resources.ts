import { z } from 'zod';
import { bytes, count } from './common.js';

const PEBIBYTE = 1_024 ** 5;

/** What a session reserves of its node. */
export const sessionResourcesSchema = z
  .strictObject({
    cpu: z.number().nonnegative().max(4_096).meta({ description: 'cores, in parts of one too' }),
    memory: bytes.max(PEBIBYTE).meta({ description: 'bytes' }),
    disk: bytes.max(PEBIBYTE).meta({ description: 'bytes' }),
    gpu: count.max(64).meta({ description: 'devices' }),
  })
  .meta({ id: 'SessionResources' });
