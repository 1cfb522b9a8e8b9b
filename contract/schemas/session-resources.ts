import { z } from 'zod';
import { MACHINE_BOUNDS } from '../machine-bounds.js';
import { bytes, count } from './common.js';

/** Resources that a session reserves on its node. */
export const sessionResourcesSchema = z
  .object({
    cpu: z.number().nonnegative().max(4_096).meta({ description: 'cores, in parts of one too' }),
    memory: bytes.max(MACHINE_BOUNDS.memoryBytes).meta({ description: 'bytes' }),
    disk: bytes.max(MACHINE_BOUNDS.memoryBytes).meta({ description: 'bytes' }),
    gpu: count.max(MACHINE_BOUNDS.gpus).meta({ description: 'devices' }),
  })
  .meta({ id: 'SessionResources' });
