import { randomUUID } from 'node:crypto';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { SteadyClock } from '../mechanics/clock.js';
import { EndOfTracing } from '../tracing/end-of-tracing.js';
import { CONFIG } from './config.js';
import { MetricRegistry } from './metric-registry.js';

/** Injection token of this process's name among the replicas in the record, which is new at every start. */
export const REPLICA = Symbol('replica');

/** Singletons of a process: configuration, name, monotonic clock and metrics. Global, since every feature needs them. */
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
