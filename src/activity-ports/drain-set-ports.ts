import { Injectable } from '@nestjs/common';
import type { DrainSetPorts } from '../../activities/drain-set-ports.js';
import { DecidingDrainSetNodes } from '../drains/drain-set-nodes.js';
import { MongoDrainSetStore } from '../mongo/mongo-drain-set-store.js';

/** Ports of the drain sets' activities. */
@Injectable()
export class InjectedDrainSetPorts implements DrainSetPorts {
  constructor(
    readonly drainSets: MongoDrainSetStore,
    readonly drainSetNodes: DecidingDrainSetNodes,
  ) {}
}
