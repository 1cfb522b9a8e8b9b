import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EvidenceRequest, HeartbeatEvidence, EvidenceStore } from '../../activities/ports.js';
import { awaitedIntervalMs, LONGEST_RETRY_INTERVALS } from '../../contract/heartbeat-pace.js';
import type { EpochMs } from '../../contract/states.js';
import { pulsePauseMs } from '../cluster/pulse-store.js';
import { Clock } from '../mechanics/clock.js';
import { latestWithout, overlap, type Stretch } from '../mechanics/stretch.js';
import { Gathered } from '../mechanics/gathered.js';
import { BLIND_SPOTS, type BlindSpotDocument } from './schemas/blind-spot.schema.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { PULSES, type PulseDocument } from './schemas/pulse.schema.js';

/** How long the fleet's size is cached, in milliseconds: it only paces what takes minutes. */
const SIZE_FRESH_MS = 2_000;

/** How often nodes are to beat. */
export class HeartbeatInterval {
  /** @param ms Compute.Heartbeat.Interval, in milliseconds */
  constructor(readonly ms: number) {}
}

type Heard = Pick<HeartbeatDocument, '_id' | 'lastSeen' | 'bootId' | 'intervalMs'>;

/** What the record said at one moment, about all nodes that were asked about together. */
interface Reading {
  heard: Map<string, Heard>;
  /** Blind spots that are over, and that ended after the earliest heartbeat asked from. */
  spots: Stretch[];
  latestPulse: EpochMs | undefined;
  now: EpochMs;
}

@Injectable()
export class MongoHeartbeatEvidence implements EvidenceStore {
  /** Requests are read together: a fleet's timers fire by the dozen. */
  private readonly readings = new Gathered<EvidenceRequest, Reading>((requests) => this.read(requests));
  private size: { at: EpochMs; nodes: Promise<number> } | undefined;
  constructor(
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    @InjectModel(BLIND_SPOTS) private readonly blindSpots: Model<BlindSpotDocument>,
    @InjectModel(PULSES) private readonly pulses: Model<PulseDocument>,
    private readonly clock: Clock,
    private readonly interval: HeartbeatInterval,
  ) {}

  async evidenceFor(request: EvidenceRequest): Promise<HeartbeatEvidence> {
    const { heard, spots, latestPulse, now } = await this.readings.about(request);
    const heartbeat = heard.get(request.uid);
    // A heartbeat document exists exactly as long as its living node.
    if (heartbeat === undefined) return { isGone: true, blindMs: 0, now };
    const lastHeartbeat = latestOf(request, heartbeat);
    if (lastHeartbeat === 0) return { blindMs: 0, now };
    const { bootId, intervalMs } = heartbeat;
    const blind = blindness(
      spots,
      stretchSince(latestPulse, now, request.disconnectTimeoutMs),
      awaitedIntervalMs(this.interval.ms, intervalMs),
    );
    const blindMs = overlap(blind, { from: lastHeartbeat, to: now });
    return {
      lastHeartbeat,
      ...(bootId !== null && heartbeat.lastSeen === lastHeartbeat && { bootId }),
      ...(intervalMs !== undefined && { intervalMs }),
      blindMs,
      now,
    };
  }

  /** How long no api replica was recording heartbeats since `from`, in milliseconds. */
  async blindSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number> {
    const { spots, latestPulse, now } = await this.readBlindness(from);
    const blind = blindness(spots, stretchSince(latestPulse, now, disconnectTimeoutMs), this.interval.ms);
    return overlap(blind, { from, to: now });
  }

  /** The latest last heartbeat of a node that counts as silent for `timeoutMs`, not counting time in which no node could be heard. */
  async latestSilent(now: EpochMs, timeoutMs: number): Promise<EpochMs> {
    const { spots, latestPulse } = await this.readBlindness(now - timeoutMs);
    const blindNow = stretchSince(latestPulse, now, timeoutMs);
    if (spots.length === 0 && blindNow.length === 0) return now - timeoutMs;
    // Blind time pushes the limit further back, where earlier blind spots may push it again: so all of them are read.
    const known = await this.readBlindness(0);
    return latestWithout(blindness(known.spots, blindNow, this.interval.ms), now, timeoutMs);
  }

  /** From MongoDB's own count of heartbeat documents, of which each living node has exactly one. Up to SIZE_FRESH_MS old. */
  fleetSize(): Promise<number> {
    const at = this.clock.now();
    if (this.size !== undefined && Math.abs(at - this.size.at) < SIZE_FRESH_MS) return this.size.nodes;
    const size = { at, nodes: this.heartbeats.estimatedDocumentCount().exec() };
    this.size = size;
    size.nodes.catch(() => {
      // A failure is not cached.
      if (this.size === size) this.size = undefined;
    });
    return size.nodes;
  }

  private async read(requests: readonly EvidenceRequest[]): Promise<Reading> {
    const found = await this.heartbeats
      .find({ _id: { $in: requests.map(({ uid }) => uid) } }, { lastSeen: 1, bootId: 1, intervalMs: 1 })
      .lean<Heard[]>();
    const heard = new Map(found.map((heartbeat) => [heartbeat._id, heartbeat]));
    const from = requests.map((request) => latestOf(request, heard.get(request.uid))).filter((at) => at > 0);
    const read =
      from.length === 0
        ? { spots: [], latestPulse: undefined, now: this.clock.now() }
        : await this.readBlindness(
            from.reduce((a, b) => Math.min(a, b)),
            found.reduce((longest, { intervalMs }) => awaitedIntervalMs(longest, intervalMs), this.interval.ms),
          );
    return { heard, ...read };
  }

  /** @param intervalMs the longest interval of the nodes asked about */
  private async readBlindness(from: EpochMs, intervalMs = this.interval.ms): Promise<Omit<Reading, 'heard'>> {
    // Pulses are read first: a blind spot is written before the pulse that ends it, so having seen that pulse means finding the spot.
    const pulse = await this.pulses.findOne().sort({ at: -1 }).lean<PulseDocument>();
    const pulseReadAt = this.clock.now();
    const spots = await this.blindSpots.find({ to: { $gt: from - retryMs(intervalMs) } }).lean<BlindSpotDocument[]>();
    return { spots, latestPulse: pulse?.at, now: pulseReadAt };
  }
}

function latestOf({ heardAt = 0 }: EvidenceRequest, heartbeat: Heard | undefined): EpochMs {
  return Math.max(heartbeat?.lastSeen ?? 0, heardAt);
}

/**
 * When nodes with this interval could not be heard. Each blind spot is extended until their agents have tried again: moments between outages
 * that follow each other more closely prove nothing.
 */
function blindness(spots: readonly Stretch[], now: readonly Stretch[], intervalMs: number): Stretch[] {
  return [...spots.map(({ from, to }) => ({ from, to: to + retryMs(intervalMs) })), ...now];
}

function retryMs(intervalMs: number): number {
  return LONGEST_RETRY_INTERVALS * intervalMs;
}

/** The stretch since the last pulse of any replica, once it is too long for a pause: no replica is recording now. */
function stretchSince(latestPulse: EpochMs | undefined, now: EpochMs, disconnectTimeoutMs: number): Stretch[] {
  return latestPulse !== undefined && now - latestPulse > pulsePauseMs(disconnectTimeoutMs)
    ? [{ from: latestPulse, to: now }]
    : [];
}
