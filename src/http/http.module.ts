import { Module } from '@nestjs/common';
import { DateHeader } from './date-header.js';
import { RequestMetrics } from './request-metrics.js';

/** What every answer has, and what is measured of each. */
@Module({ providers: [DateHeader, RequestMetrics], exports: [RequestMetrics] })
export class HttpModule {}
