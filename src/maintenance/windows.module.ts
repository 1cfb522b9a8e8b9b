import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { MaintenanceWindows } from './maintenance-windows.js';
import { WindowKeeper } from './window-keeper.js';
import { WindowScheduling } from './window-scheduling.js';
import { WindowWaiters } from './window-waiters.js';

/** Maintenance windows, for the api and the worker. */
@Module({
  imports: [KeptAnswersModule],
  providers: [MaintenanceWindows, WindowKeeper, WindowScheduling, WindowWaiters],
  exports: [MaintenanceWindows, WindowKeeper, WindowScheduling],
})
export class WindowsModule {}
