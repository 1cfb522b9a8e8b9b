import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { InstallationModule } from '../installation/installation.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { BootstrapTokens } from './bootstrap-tokens.js';
import { NodeEventReader } from './node-event-reader.js';
import { NodeReader } from './node-reader.js';
import { NodeSlots } from './node-slots.js';
import { PrometheusTargets } from './prometheus-targets.js';

/** The registry of nodes: views, slots and events. */
@Module({
  imports: [KeptAnswersModule, InstallationModule, LifecycleModule],
  providers: [NodeReader, NodeSlots, NodeEventReader, BootstrapTokens, PrometheusTargets],
  exports: [NodeEventReader, NodeReader, NodeSlots, PrometheusTargets],
})
export class NodesModule {}
