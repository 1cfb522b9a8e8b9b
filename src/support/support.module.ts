import { Module } from '@nestjs/common';
import { SupportReport } from './support-report.js';

/** What helps to find a fault. */
@Module({ providers: [SupportReport], exports: [SupportReport] })
export class SupportModule {}
