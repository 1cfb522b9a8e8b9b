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

/** How long the fleet's size is taken to be what it was, in milliseconds: it only paces what takes minutes. */
const SIZE_FRESH_MS = 2_000;

/** How often nodes are to beat. */
export class HeartbeatInterval {
  /** @param ms Compute.Heartbeat.Interval, in milliseconds */
  constructor(readonly ms: number) {}
}

type Heard = Pick<HeartbeatDocument, '_id' | 'lastSeen' | 'bootId' | 'intervalMs'>;

/** What the record said at one moment about all who asked then. */
interface Reading {
  heard: Map<string, Heard>;
  /** Ended ones, later than the earliest heartbeat that anybody asked from. */
  spots: Stretch[];
  latestPulse: EpochMs | undefined;
  now: EpochMs;
}

@Injectable()
export class MongoHeartbeatEvidence implements EvidenceStore {
  /** A fleet's timers ring by the dozen. */
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
    // It lives and dies with its node.
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

  /** How long, since `from`, no api replica was recording heartbeats, in milliseconds. */
  async blindSince(from: EpochMs, disconnectTimeoutMs: number): Promise<number> {
    const { spots, latestPulse, now } = await this.readBlindness(from);
    const blind = blindness(spots, stretchSince(latestPulse, now, disconnectTimeoutMs), this.interval.ms);
    return overlap(blind, { from, to: now });
  }

  /** Whoever was last heard at this moment or before has been silent for as long as this, time in which nobody could be heard apart. */
  async latestSilent(now: EpochMs, timeoutMs: number): Promise<EpochMs> {
    const { spots, latestPulse } = await this.readBlindness(now - timeoutMs);
    const blindNow = stretchSince(latestPulse, now, timeoutMs);
    if (spots.length === 0 && blindNow.length === 0) return now - timeoutMs;
    // Blindness counts from a node's last heartbeat on, which then is longer ago: how long, all that is known of the past tells.
    const known = await this.readBlindness(0);
    return latestWithout(blindness(known.spots, blindNow, this.interval.ms), now, timeoutMs);
  }

  /** From the documents' count, which MongoDB keeps: one heartbeat document lives and dies with each node. As of some seconds ago. */
  fleetSize(): Promise<number> {
    const at = this.clock.now();
    if (this.size !== undefined && Math.abs(at - this.size.at) < SIZE_FRESH_MS) return this.size.nodes;
    const size = { at, nodes: this.heartbeats.estimatedDocumentCount().exec() };
    this.size = size;
    size.nodes.catch(() => {
      // A failure is told to those who asked, and not to those who ask after them.
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

  /** @param intervalMs the longest at which any of those beats who are asked about */
  private async readBlindness(from: EpochMs, intervalMs = this.interval.ms): Promise<Omit<Reading, 'heard'>> {
    // In this order: a blind spot is written before the pulse that ends it, so whoever sees that pulse finds the spot.
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
 * When nodes that beat at this interval could not be heard. Each spot lasts until their agents have tried again: of outages that follow each
 * other more closely than that, the moments in between prove nothing.
 */
function blindness(spots: readonly Stretch[], now: readonly Stretch[], intervalMs: number): Stretch[] {
  return [...spots.map(({ from, to }) => ({ from, to: to + retryMs(intervalMs) })), ...now];
}

function retryMs(intervalMs: number): number {
  return LONGEST_RETRY_INTERVALS * intervalMs;
}

/** The stretch since the last pulse of any replica, where that is no pause any more: nobody hears now either. */
function stretchSince(latestPulse: EpochMs | undefined, now: EpochMs, disconnectTimeoutMs: number): Stretch[] {
  return latestPulse !== undefined && now - latestPulse > pulsePauseMs(disconnectTimeoutMs)
    ? [{ from: latestPulse, to: now }]
    : [];
}
