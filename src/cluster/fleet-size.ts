import { Injectable, Logger } from '@nestjs/common';
import { PulseStore } from './pulse-store.js';
import { Clock } from '../mechanics/clock.js';
import { ClusterStore } from './cluster-store.js';

/** How often both numbers are read, in milliseconds: soon enough to notice a crowd that joins, and MongoDB reads no node for it. */
const REFRESH_EVERY_MS = 2_000;

/** Approximate numbers of nodes and api replicas. Reading them never waits: they are refreshed in the background. */
@Injectable()
export class FleetSize {
  private readonly logger = new Logger(FleetSize.name);
  private known = { nodes: 0, replicas: 1 };
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly cluster: ClusterStore,
    private readonly pulses: PulseStore,
    private readonly clock: Clock,
  ) {}

  /** Number of nodes some seconds ago; 0 before the first answer. */
  get current(): number {
    this.refresh();
    return this.known.nodes;
  }

  /** Number of api replicas that recorded heartbeats some seconds ago, at least 1. */
  get replicas(): number {
    this.refresh();
    return this.known.replicas;
  }

  private refresh(): void {
    const now = this.clock.now();
    if (now - this.askedAt < REFRESH_EVERY_MS) return;
    this.askedAt = now;
    Promise.all([this.cluster.fleetSize(), this.pulses.recording(now)]).then(
      ([nodes, replicas]) => (this.known = { nodes, replicas: Math.max(1, replicas) }),
      (error: unknown) =>
        this.logger.debug({ msg: 'the fleet could not be counted', reason: (error as Error).message }),
    );
  }
}
