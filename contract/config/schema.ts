import { z } from 'zod';
import { computeKeys } from './compute-keys.js';
import { duration } from './key-types.js';
import { orchestratorKeys } from './orchestrator-keys.js';

/** All keys of config.yaml. Unknown keys are errors; `loadConfig` suggests the nearest known one. */
export const configSchema = z.strictObject({
  Orchestrator: orchestratorKeys.prefault({}),
  Compute: computeKeys.prefault({}),
  WebUI: z
    .strictObject({
      PollInterval: duration(
        '5s',
        { means: 'how often the page asks, until its reader chooses' },
        { min: '1s', max: '1h' },
      ),
    })
    .prefault({}),
});

/** The configuration as code reads it: durations are milliseconds. */
export type Config = z.output<typeof configSchema>;
