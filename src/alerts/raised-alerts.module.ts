import { Module } from '@nestjs/common';
import { AlertReader } from './alert-reader.js';

/** Lists alerts, in the api; `alerts.module.ts` raises them, in the worker. */
@Module({ providers: [AlertReader], exports: [AlertReader] })
export class RaisedAlertsModule {}
