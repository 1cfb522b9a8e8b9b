import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Config } from '../contract/config/schema.js';
import { API_CONTROLLERS } from './api.controllers.js';
import { API_FEATURES } from './api.features.js';
import { AccessGuard } from './auth/access.guard.js';
import { LifetimeInterceptor } from './auth/lifetime.interceptor.js';
import { DryRunInterceptor } from './http/dry-run.interceptor.js';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.js';
import type { MetricRegistry } from './process/metric-registry.js';
import { ProcessModule } from './process/process.module.js';

/** The control plane's HTTP side. */
@Module({
  imports: API_FEATURES,
  // Here and not with their features: they stand in openapi.json in this order, and the worker has the features without the routes.
  controllers: API_CONTROLLERS,
  // In this order round every handler.
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: LifetimeInterceptor },
    { provide: APP_INTERCEPTOR, useClass: DryRunInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
})
export class ApiModule {
  /**
   * @param adapters global modules that provide the features' ports: MongoDB's and Temporal's, or fakes
   * @param metrics where what this process does is measured
   */
  static forRoot(config: Config, adapters: DynamicModule[], metrics?: MetricRegistry): DynamicModule {
    return { module: ApiModule, imports: [ProcessModule.forRoot(config, metrics), ...adapters] };
  }
}
