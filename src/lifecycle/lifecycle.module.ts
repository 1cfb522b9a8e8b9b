import { Module } from '@nestjs/common';
import { LifecycleNotifier } from './lifecycle-notifier.js';

/** What is said to workflows of what was committed. */
@Module({ providers: [LifecycleNotifier], exports: [LifecycleNotifier] })
export class LifecycleModule {}
