import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { HeartbeatEvidence, HeartbeatStore } from '../../activities/ports.js';
import type { EpochMs } from '../../contract/states.js';
import { PULSE_FRESH_MS } from '../agents/pulse-store.js';
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

  async evidenceFor(uid: string): Promise<HeartbeatEvidence> {
    const heartbeat = await this.heartbeats.findOne({ _id: { $eq: uid } }, { lastSeen: 1, bootId: 1 }).lean<HeartbeatDocument>();
    if (!heartbeat || heartbeat.bootId === null) return { blindMs: 0, now: this.clock.now() };
    const { lastSeen, bootId } = heartbeat;
    const [spots, current] = await Promise.all([this.blindSpots.find({ to: { $gt: lastSeen } }).lean<BlindSpotDocument[]>(), this.currentStretch()]);
    const now = this.clock.now();
    return { lastHeartbeat: lastSeen, bootId, blindMs: overlap([...spots, ...current], { from: lastSeen, to: now }), now };
  }

  /** From the documents' count, which MongoDB keeps: one heartbeat document lives and dies with each node. */
  fleetSize(): Promise<number> {
    return this.heartbeats.estimatedDocumentCount();
  }

  /** The stretch since the last pulse of any replica, where that is no longer fresh: nobody hears now either. */
  private async currentStretch(): Promise<Stretch[]> {
    const latest = await this.pulses.findOne().sort({ at: -1 }).lean<PulseDocument>();
    const now: EpochMs = this.clock.now();
    return latest && now - latest.at > PULSE_FRESH_MS ? [{ from: latest.at, to: now }] : [];
  }
}
