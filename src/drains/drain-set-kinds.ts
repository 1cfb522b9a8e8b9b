import type { DrainSetWish } from '../../contract/drain-set.js';
import type { Role } from '../../contract/grants.js';
import type { FleetEventType } from '../../contract/audit.js';
import type { ErrorCode } from '../../contract/errors.js';
import type { AgentUpdateView, DrainSet } from '../../contract/schemas/drains.js';
import type { DrainSetRecord } from './drain-set-record.js';
import type { DrainSetKind } from './drain-set-store.js';
import { agentUpdateView, drainSetView, type Shown } from './drain-set-view.js';

/** Differences between drain sets and agent updates: wording, views, events. */
export interface KindOfSet<View> {
  readonly kind: DrainSetKind;
  /** Required to create and rule one. */
  readonly role: Role;
  readonly what: string;
  readonly list: string;
  readonly another: string;
  readonly ended: ErrorCode;
  /** Audit events of rulings, for sets whose rulings are not also decisions about nodes. */
  readonly events?: Readonly<Record<DrainSetWish, FleetEventType>>;
  readonly view: (set: DrainSetRecord, shown: Shown, withNodes: boolean) => View;
}

export const DRAIN: KindOfSet<DrainSet> = {
  kind: 'drain',
  role: 'operator',
  what: 'drain',
  list: 'rollcall drain list',
  another: 'rollcall node deactivate --filter-labels',
  ended: 'DRAIN_ENDED',
  view: drainSetView,
};

export const AGENT_UPDATE: KindOfSet<AgentUpdateView> = {
  kind: 'update',
  role: 'admin',
  what: 'agent update',
  list: 'rollcall agent-update list',
  another: 'rollcall agent-update start',
  ended: 'AGENT_UPDATE_ENDED',
  events: { resume: 'AgentUpdateResumed', pause: 'AgentUpdatePaused', cancel: 'AgentUpdateCancelled' },
  view: agentUpdateView,
};
