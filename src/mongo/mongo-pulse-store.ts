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
    // Pulses of the future are of a clock that was set back since: they would hide that nobody records.
    await this.pulses.deleteMany({ at: { $gt: at + PULSE_LATE_MS } });
    const latest = await this.pulses.findOne().sort({ at: -1 }).lean<PulseDocument>();
    const blindSpot = latest && at - latest.at > GAP_MS ? { from: latest.at, to: at } : null;
    // Before the pulse: once that is fresh, nobody could tell any more that there had been none. Replicas that start
    // together may both write the same stretch; whoever reads them counts it once.
    if (blindSpot) await this.blindSpots.insertMany([{ ...blindSpot, endedAt: new Date(at) }]);
    await this.beat(replica, at);
    // Replicas come and go: pulses older than the latest say nothing.
    if (latest) await this.pulses.deleteMany({ at: { $lt: latest.at } });
    return blindSpot;
  }

  recording(at: EpochMs): Promise<number> {
    return this.pulses.countDocuments({ at: { $gt: at - LONGEST_PAUSE_MS } });
  }
}
