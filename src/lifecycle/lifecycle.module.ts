import { Module } from '@nestjs/common';
import { CONFIG } from '../process/config.js';
import { LifecycleNotifier } from './lifecycle-notifier.js';
import { LIFECYCLE_SETTINGS, lifecycleSettings } from './lifecycle-settings.js';
import { Lifecycles } from './lifecycles.js';

/** What is said to workflows of what was committed, and what they start with. */
@Module({
  providers: [
    Lifecycles,
    LifecycleNotifier,
    { provide: LIFECYCLE_SETTINGS, useFactory: lifecycleSettings, inject: [CONFIG] },
  ],
  exports: [Lifecycles, LifecycleNotifier],
})
export class LifecycleModule {}
