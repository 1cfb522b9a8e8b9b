import { Module } from '@nestjs/common';
import { CONFIG } from '../process/config.js';
import { LifecycleNotifier } from './lifecycle-notifier.js';
import { LIFECYCLE_SETTINGS, lifecycleSettings } from './lifecycle-settings.js';
import { Lifecycles } from './lifecycles.js';

/** Starts lifecycles, and tells them what was committed. */
@Module({
  providers: [
    Lifecycles,
    LifecycleNotifier,
    { provide: LIFECYCLE_SETTINGS, useFactory: lifecycleSettings, inject: [CONFIG] },
  ],
  exports: [Lifecycles, LifecycleNotifier],
})
export class LifecycleModule {}
