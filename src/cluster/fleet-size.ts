import { Injectable, Logger } from '@nestjs/common';
import { PulseStore } from './pulse-store.js';
import { Clock } from '../mechanics/clock.js';
import { ClusterStore } from './cluster-store.js';

/** A crowd that joins is noticed this soon, in milliseconds: neither question makes MongoDB look at a node. */
const REFRESH_EVERY_MS = 2_000;

/** How many nodes there are, and how many replicas of the api, roughly: asking costs nothing, since it never waits for the answer. */
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

  /** Nodes as of some seconds ago; 0 before the first answer. */
  get current(): number {
    this.refresh();
    return this.known.nodes;
  }

  /** Replicas of the api that record heartbeats, as of some seconds ago; at least the one that asks. */
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
