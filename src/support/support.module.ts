import { Module } from '@nestjs/common';
import { RunningSettings } from './running-settings.js';
import { SupportReport } from './support-report.js';

/** What helps to find a fault. */
@Module({ providers: [RunningSettings, SupportReport], exports: [RunningSettings, SupportReport] })
export class SupportModule {}
