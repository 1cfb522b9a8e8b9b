import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EpochMs } from '../../contract/states.js';
import { GAP_MS, LONGEST_PAUSE_MS, PULSE_LATE_MS, PulseStore } from '../cluster/pulse-store.js';
import { BLIND_SPOTS, type BlindSpotDocument } from './schemas/blind-spot.schema.js';
import { PULSES, type PulseDocument } from './schemas/pulse.schema.js';

@Injectable()
export class MongoPulseStore extends PulseStore {
  constructor(
    @InjectModel(PULSES) private readonly pulses: Model<PulseDocument>,
    @InjectModel(BLIND_SPOTS) private readonly blindSpots: Model<BlindSpotDocument>,
  ) {
    super();
  }

  async beat(replica: string, at: EpochMs, lastAt?: EpochMs): Promise<boolean> {
    if (lastAt === undefined) {
      await this.pulses.updateOne({ _id: { $eq: replica } }, { $max: { at } }, { upsert: true });
      return true;
    }
    const { matchedCount } = await this.pulses.updateOne(
      { _id: { $eq: replica }, at: { $gte: lastAt } },
      { $max: { at } },
    );
    return matchedCount === 1;
  }

  async resume(replica: string, at: EpochMs): Promise<{ from: EpochMs; to: EpochMs } | null> {
    // Pulses in the future come from a clock that was set back since: they would hide a blind spot.
    await this.pulses.deleteMany({ at: { $gt: at + PULSE_LATE_MS } });
    const latest = await this.pulses.findOne().sort({ at: -1 }).lean<PulseDocument>();
    const blindSpot = latest && at - latest.at > GAP_MS ? { from: latest.at, to: at } : null;
    // Before the pulse: once that is written, the gap can no longer be told. Replicas that start together may both write
    // the same stretch; readers count it once.
    if (blindSpot) await this.blindSpots.insertMany([{ ...blindSpot, endedAt: new Date(at) }]);
    await this.beat(replica, at);
    // Only the latest pulse counts; this also cleans up after replicas that are gone.
    if (latest) await this.pulses.deleteMany({ at: { $lt: latest.at } });
    return blindSpot;
  }

  recording(at: EpochMs): Promise<number> {
    return this.pulses.countDocuments({ at: { $gt: at - LONGEST_PAUSE_MS } });
  }
}
