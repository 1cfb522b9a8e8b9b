import { Module } from '@nestjs/common';
import { RunningSettings } from './running-settings.js';
import { SupportReport } from './support-report.js';

/** Data for diagnosing faults. */
@Module({ providers: [RunningSettings, SupportReport], exports: [RunningSettings, SupportReport] })
export class SupportModule {}
