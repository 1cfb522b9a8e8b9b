import { Injectable } from '@nestjs/common';
import { SilenceSweeper } from '../silence/silence-sweeper.js';
import { DecisionReminder } from './decision-reminder.js';
import { DrainSetReminder } from './drain-set-reminder.js';
import { HistoryCensus } from './history-census.js';
import { ReconciliationStore } from './reconciliation-store.js';
import { SessionCensus } from './session-census.js';
import { UnheardConditions } from './unheard-conditions.js';
import { UnusedSlots } from './unused-slots.js';
import { VersionCensus } from './version-census.js';
import { WindowCensus } from './window-census.js';
import { WorkflowCensus } from './workflow-census.js';

/** The parts of the reconciler. */
export interface ReconcilerParts {
  reminder: Pick<DecisionReminder, 'pass'>;
  drainSets: Pick<DrainSetReminder, 'pass'>;
  windows: Pick<WindowCensus, 'pass'>;
  sweeper: Pick<SilenceSweeper, 'ensureStarted'>;
  census: Pick<WorkflowCensus, 'take'>;
  histories: Pick<HistoryCensus, 'take'>;
  sessions: Pick<SessionCensus, 'take'>;
  slots: Pick<UnusedSlots, 'pass'>;
  conditions: Pick<UnheardConditions, 'pass'>;
  versions: Pick<VersionCensus, 'take'>;
  lists: Pick<ReconciliationStore, 'mendLists'>;
}

/** Collects the parts for injection. */
@Injectable()
export class InjectedParts implements ReconcilerParts {
  constructor(
    readonly reminder: DecisionReminder,
    readonly drainSets: DrainSetReminder,
    readonly windows: WindowCensus,
    readonly sweeper: SilenceSweeper,
    readonly census: WorkflowCensus,
    readonly histories: HistoryCensus,
    readonly sessions: SessionCensus,
    readonly slots: UnusedSlots,
    readonly conditions: UnheardConditions,
    readonly versions: VersionCensus,
    readonly lists: ReconciliationStore,
  ) {}
}
