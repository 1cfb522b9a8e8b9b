import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EvidenceRequest, HeartbeatEvidence, HeartbeatStore } from '../../activities/ports.js';
import type { EpochMs } from '../../contract/states.js';
import { pulsePauseMs } from '../agents/pulse-store.js';
import { Clock } from '../clock.js';
import { BLIND_SPOTS, type BlindSpotDocument } from './schemas/blind-spot.schema.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { PULSES, type PulseDocument } from './schemas/pulse.schema.js';
import { overlap, type Stretch } from './stretch.js';

@Injectable()
export class MongoHeartbeatEvidence implements HeartbeatStore {
  constructor(
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    @InjectModel(BLIND_SPOTS) private readonly blindSpots: Model<BlindSpotDocument>,
    @InjectModel(PULSES) private readonly pulses: Model<PulseDocument>,
    private readonly clock: Clock,
  ) {}

  async evidenceFor({ uid, heardAt = 0, disconnectTimeoutMs }: EvidenceRequest): Promise<HeartbeatEvidence> {
    const heartbeat = await this.heartbeats.findOne({ _id: { $eq: uid } }, { lastSeen: 1, bootId: 1 }).lean<HeartbeatDocument>();
    const lastHeartbeat = Math.max(heartbeat?.lastSeen ?? 0, heardAt);
    if (lastHeartbeat === 0) return { blindMs: 0, now: this.clock.now() };
    const bootId = heartbeat?.lastSeen === lastHeartbeat ? heartbeat.bootId : null;
    const blindMs = await this.blindSince(lastHeartbeat, disconnectTimeoutMs);
    return { lastHeartbeat, ...(bootId !== null && { bootId }), blindMs, now: this.clock.now() };
  }

  /** How long, since `from`, no api replica was recording heartbeats, in milliseconds. */
  async blindSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number> {
    // In this order: a blind spot is written before the pulse that ends it, so whoever sees that pulse finds the spot.
    const current = await this.currentStretch(pulsePauseMs(disconnectTimeoutMs));
    const spots = await this.blindSpots.find({ to: { $gt: from } }).lean<BlindSpotDocument[]>();
    return overlap([...spots, ...current], { from, to: this.clock.now() });
  }

  /** From the documents' count, which MongoDB keeps: one heartbeat document lives and dies with each node. */
  fleetSize(): Promise<number> {
    return this.heartbeats.estimatedDocumentCount();
  }

  /** The stretch since the last pulse of any replica, where that is no pause any more: nobody hears now either. */
  private async currentStretch(pauseMs: number): Promise<Stretch[]> {
    const latest = await this.pulses.findOne().sort({ at: -1 }).lean<PulseDocument>();
    const now: EpochMs = this.clock.now();
    return latest && now - latest.at > pauseMs ? [{ from: latest.at, to: now }] : [];
  }
}
