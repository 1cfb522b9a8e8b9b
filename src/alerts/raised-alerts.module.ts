import { Module } from '@nestjs/common';
import { AlertReader } from './alert-reader.js';

/** Shows alerts; whoever raises them is in `alerts.module.ts`. */
@Module({ providers: [AlertReader], exports: [AlertReader] })
export class RaisedAlertsModule {}
