import { Module } from '@nestjs/common';
import { DateHeader } from './date-header.js';
import { RequestMetrics } from './request-metrics.js';

/** Headers of every answer, and metrics of requests. */
@Module({ providers: [DateHeader, RequestMetrics], exports: [RequestMetrics] })
export class HttpModule {}
