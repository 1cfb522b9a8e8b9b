import { randomUUID } from 'node:crypto';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { SteadyClock } from '../mechanics/clock.js';
import { EndOfTracing } from '../tracing/end-of-tracing.js';
import { CONFIG } from './config.js';
import { MetricRegistry } from './metric-registry.js';

/** What names this process in the record, among the replicas of its kind; made anew at every start. */
export const REPLICA = Symbol('replica');

/** What is one of a kind in a process: its configuration, its name, how much time passes, what is measured. Global, since every room goes by it. */
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
