import { randomUUID } from 'node:crypto';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { SteadyClock } from '../mechanics/clock.js';
import { EndOfTracing } from '../tracing/end-of-tracing.js';
import { CONFIG } from './config.js';
import { MetricRegistry } from './metric-registry.js';

/** The name of this process in the record, among the replicas of its kind; new at every start. */
export const REPLICA = Symbol('replica');

/** What a process has once: its configuration, its name, its steady clock and its metrics. Global, since every feature needs it. */
@Global()
@Module({})
export class ProcessModule {
  static forRoot(config: Config, metrics = new MetricRegistry()): DynamicModule {
    return {
      module: ProcessModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: REPLICA, useFactory: () => randomUUID() },
        { provide: MetricRegistry, useValue: metrics },
        SteadyClock,
        EndOfTracing,
      ],
      exports: [CONFIG, REPLICA, MetricRegistry, SteadyClock],
    };
  }
}
