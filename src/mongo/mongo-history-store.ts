import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import {
  measure,
  MEASURE_KEYS,
  MEASURE_UNITS,
  MEASURES,
  roundFigure,
  type Figures,
  type MeasureKey,
} from '../../contract/measures.js';
import type { EpochMs } from '../../contract/states.js';
import { HistoryStore, type HistoryPoint, type MinutePoint } from '../history/history-store.js';
import { BLIND_SPOTS, type BlindSpotDocument } from './schemas/blind-spot.schema.js';
import { BEAT_HISTORY, MINUTE_HISTORY, type HistoryDocument } from './schemas/history.schema.js';

/** Timeout of a write, in milliseconds. Nobody waits for it, but a hanging one must end. */
const WRITE_WITHIN_MS = 10_000;

@Injectable()
export class MongoHistoryStore extends HistoryStore {
  constructor(
    @InjectModel(BEAT_HISTORY) private readonly beatHistory: Model<HistoryDocument>,
    @InjectModel(MINUTE_HISTORY) private readonly minuteHistory: Model<HistoryDocument>,
    @InjectModel(BLIND_SPOTS) private readonly spots: Model<BlindSpotDocument>,
  ) {
    super();
  }

  async record(beats: readonly HistoryPoint[], minutes: readonly MinutePoint[]): Promise<void> {
    await this.insert(this.beatHistory, beats.map(toDocument));
    await this.insert(
      this.minuteHistory,
      minutes.map((point) => ({ ...toDocument(point), late: point.late })),
    );
  }

  async beats(uid: string, from: EpochMs, to?: EpochMs): Promise<HistoryPoint[]> {
    return (await this.find(this.beatHistory, uid, from, to)).map(toPoint);
  }

  async minutes(uid: string, from: EpochMs, to?: EpochMs): Promise<MinutePoint[]> {
    return (await this.find(this.minuteHistory, uid, from, to)).map((document) => ({
      ...toPoint(document),
      late: document.late ?? 0,
    }));
  }

  async cpuTraces(
    uids: readonly string[],
    { from, stepMs, points }: { from: EpochMs; stepMs: number; points: number },
  ): Promise<Map<string, (number | null)[]>> {
    const slot = { $floor: { $divide: [{ $subtract: ['$at', new Date(from)] }, stepMs] } };
    const means = await this.minuteHistory.aggregate<{ _id: { uid: string; slot: number }; cpu: number | null }>([
      { $match: { uid: { $in: [...uids] }, at: { $gte: new Date(from), $lt: new Date(from + points * stepMs) } } },
      { $group: { _id: { uid: '$uid', slot }, cpu: { $avg: '$cpu' } } },
    ]);
    const traces = new Map<string, (number | null)[]>();
    for (const { _id, cpu } of means) {
      const trace = traces.get(_id.uid) ?? Array<number | null>(points).fill(null);
      trace[_id.slot] = cpu === null ? null : Math.min(100, Math.round(100 * cpu));
      traces.set(_id.uid, trace);
    }
    return traces;
  }

  async blindSpots(from: EpochMs): Promise<{ from: EpochMs; to: EpochMs }[]> {
    const documents = await this.spots.find({ to: { $gt: from } }).lean<BlindSpotDocument[]>();
    return documents.map((spot) => ({ from: spot.from, to: spot.to }));
  }

  /** Uses the driver directly, as heartbeats do; without ids, which points do not need. */
  private async insert(model: Model<HistoryDocument>, documents: HistoryDocument[]): Promise<void> {
    if (documents.length === 0) return;
    await model.collection.insertMany(documents, {
      ordered: false,
      forceServerObjectId: true,
      writeConcern: { w: 1 },
      timeoutMS: WRITE_WITHIN_MS,
    });
  }

  private find(
    model: Model<HistoryDocument>,
    uid: string,
    from: EpochMs,
    to: EpochMs | undefined,
  ): Promise<HistoryDocument[]> {
    return model
      .find({ uid: { $eq: uid }, at: { $gte: new Date(from), ...(to !== undefined && { $lte: new Date(to) }) } })
      .sort({ at: 1 })
      .lean<HistoryDocument[]>();
  }
}

function toDocument({ at, uid, ...figures }: HistoryPoint): HistoryDocument {
  const stored: HistoryDocument = { at: new Date(at), uid };
  for (const key of MEASURE_KEYS) {
    const figure = figures[key];
    if (figure !== undefined) stored[MEASURES[key].stored] = roundFigure(key, figure / storedIn(key));
  }
  return stored;
}

/** A measure that the document lacks was not taken when it was written: 0 where every machine has it. */
function toPoint(document: HistoryDocument): HistoryPoint {
  const figures = MEASURE_KEYS.flatMap((key) => {
    const stored = document[MEASURES[key].stored] ?? (measure(key).optional ? undefined : 0);
    return stored === undefined ? [] : [[key, stored * storedIn(key)] as const];
  });
  return { uid: document.uid, at: document.at.getTime(), ...(Object.fromEntries(figures) as unknown as Figures) };
}

function storedIn(key: MeasureKey): number {
  return MEASURE_UNITS[MEASURES[key].unit].storedIn;
}
