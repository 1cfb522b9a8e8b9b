import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { EventType } from '../../contract/audit.js';
import type { NodeEventType } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';
import { EventStore, type AuditQuery, type NodeEvent, type RecordedEvent } from '../record/event-store.js';
import { pageOfLatest } from './latest-page.js';
import { EVENTS, type EventDocument } from './schemas/event.schema.js';

/** Former name of the event of an administrator's removal, under which old events are stored. */
const EARLIER_REMOVAL = 'NodeDeleted' as string as EventType;

@Injectable()
export class MongoEventStore extends EventStore {
  constructor(@InjectModel(EVENTS) private readonly events: Model<EventDocument>) {
    super();
  }

  async append(events: readonly RecordedEvent[]): Promise<void> {
    if (events.length === 0) return;
    // An upsert that only inserts: a retry finds the event and leaves it unchanged.
    await this.events.bulkWrite(
      events.map(({ id, ...fields }) => ({
        updateOne: { filter: { _id: id }, update: { $setOnInsert: fields }, upsert: true },
      })),
    );
  }

  async listForNode(uid: string, page: PageRequest): Promise<Page<NodeEvent>> {
    return pageOfLatest<EventDocument, NodeEvent>({
      model: this.events,
      filter: { uid: { $eq: uid } },
      time: 'at',
      page,
      // Events found by a node's uid are about a node.
      map: (document) => toEvent(document) as NodeEvent,
    });
  }

  async between(
    uid: string,
    { from, to }: { from: EpochMs; to: EpochMs },
    types: readonly NodeEventType[],
    atMost: number,
  ): Promise<NodeEvent[]> {
    const documents = await this.events
      .find({ uid: { $eq: uid }, at: { $gte: from, $lte: to }, type: { $in: [...types] } })
      .sort({ at: -1, _id: -1 })
      .limit(atMost)
      .lean<EventDocument[]>();
    return documents.map((document) => toEvent(document) as NodeEvent);
  }

  audit({
    types,
    node,
    token,
    by,
    since,
    until,
    oldestFirst = false,
    ...page
  }: AuditQuery): Promise<Page<RecordedEvent>> {
    const at = { ...(since !== undefined && { $gte: since }), ...(until !== undefined && { $lt: until }) };
    const filter = {
      ...(Object.keys(at).length > 0 && { at }),
      type: { $in: withEarlierNames(types) },
      ...(node === undefined ? {} : { node: { $eq: node } }),
      ...(token === undefined ? {} : { token: { $eq: token } }),
      ...(by === undefined ? {} : { $or: [{ by: { $eq: by } }, { byId: { $eq: by } }] }),
    };
    return pageOfLatest<EventDocument, RecordedEvent>({
      model: this.events,
      filter,
      time: 'at',
      page,
      oldestFirst,
      map: toEvent,
    });
  }
}

/** Adds the former names under which events of these types may be stored. */
export function withEarlierNames(types: readonly EventType[]): EventType[] {
  return types.includes('NodeRemoved') ? [...types, EARLIER_REMOVAL] : [...types];
}

export function toEvent({ _id, type, exported: _bookkeeping, ...same }: EventDocument): RecordedEvent {
  return { ...same, id: _id, type: type === EARLIER_REMOVAL ? 'NodeRemoved' : type };
}
