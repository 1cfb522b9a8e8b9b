import { Logger, Module } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { MassSilenceRule } from '../../contract/mass-silence.js';
import { ServiceLog } from '../process/service-log.js';
import { CONFIG } from '../process/config.js';
import { MASS_SILENCE_RULE, MassSilenceWatch } from './mass-silence-watch.js';

function ruleOf({ Orchestrator }: Config): MassSilenceRule {
  const { Share, AtLeast } = Orchestrator.NodeManager.MassSilence;
  return { share: Share, atLeast: AtLeast };
}

/** Detects mass silences and their ends, in the worker. */
@Module({
  providers: [
    MassSilenceWatch,
    { provide: MASS_SILENCE_RULE, useFactory: ruleOf, inject: [CONFIG] },
    { provide: ServiceLog, useFactory: () => new Logger(MassSilenceWatch.name) },
  ],
  exports: [MassSilenceWatch],
})
export class SilenceWatchModule {}
