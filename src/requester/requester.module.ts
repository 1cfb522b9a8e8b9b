import { Module } from '@nestjs/common';
import { HeartbeatsModule } from '../heartbeats/heartbeats.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { RequesterNode } from './requester-node.js';
import { RequesterPresence } from './requester-presence.js';

/** The api replica's own node, which is listed and beats like any other. */
@Module({ imports: [HeartbeatsModule, LifecycleModule], providers: [RequesterNode, RequesterPresence] })
export class RequesterModule {}
