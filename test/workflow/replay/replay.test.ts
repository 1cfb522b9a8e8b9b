import { beforeAll, describe, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { WINDOW_WORKFLOW, windowScheduleId } from '../../../contract/maintenance-window.js';
import { countedBundle } from '../../support/workflow/lifecycle-bundle.js';
import { bringingHome } from '../../support/workflow/workflow-coverage.js';
import { currentVersion, historyFiles, readHistory, type History } from './history-files.js';
import { AGENT_UPDATE_SCENARIOS, DRAIN_SET_SCENARIOS, REAL_SERVER_DRAIN_SET_SCENARIOS } from './drain-set-scenarios.js';
import { REAL_SERVER_SCENARIOS, SCENARIOS } from './scenarios.js';
import { WEBHOOK_SCENARIOS } from './webhook-scenarios.js';
import { WINDOW_SCENARIOS } from './window-scenarios.js';

const { EventType } = proto.temporal.api.enums.v1;
const files = await historyFiles();
let workflowBundle: { code: string };
beforeAll(async () => {
  workflowBundle = await countedBundle();
});

const replay = (history: History) =>
  Worker.runReplayHistory({ workflowBundle, ...bringingHome() }, history, idOf(history));

/** Histories do not name their workflow: an opening of a maintenance window reads from its id what opens. */
function idOf({ events }: History): string {
  const type = events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
  return type === WINDOW_WORKFLOW ? `${windowScheduleId('night')}-2026-12-05T02:00:00Z` : 'lifecycle-replayed';
}

/** As `@temporalio/interceptors-opentelemetry` writes it. */
const TRACE = {
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from('{"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}'),
};

describe('the workflow', () => {
  test.each(files)('does today what it did in %s', async (file) => {
    await replay(await readHistory(file));
  });

  test('does the same where all that came in was traced', async () => {
    for (const file of files) {
      const history = await readHistory(file);
      for (const event of history.events ?? []) {
        const inputs = [
          event.workflowExecutionStartedEventAttributes,
          event.workflowExecutionSignaledEventAttributes,
          event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input,
        ];
        for (const input of inputs) if (input) input.header = { fields: { '_tracer-data': TRACE } };
      }
      await replay(history);
    }
  }, 240_000);

  test('has a history of every scenario in this version', async () => {
    const version = await currentVersion();
    expect(files).toEqual(
      expect.arrayContaining(
        [
          SCENARIOS,
          REAL_SERVER_SCENARIOS,
          DRAIN_SET_SCENARIOS,
          AGENT_UPDATE_SCENARIOS,
          REAL_SERVER_DRAIN_SET_SCENARIOS,
          WEBHOOK_SCENARIOS,
          WINDOW_SCENARIOS,
        ]
          .flatMap(Object.keys)
          .map((name) => `${name}.v${version}.json`),
      ),
    );
  });
});

/** Histories of a workflow that did something else than ours does. */
const DOCTORED: Record<string, (history: History) => void> = {
  'another activity than ours schedules': ({ events }) => {
    const type = events?.find((event) => event.activityTaskScheduledEventAttributes)
      ?.activityTaskScheduledEventAttributes?.activityType;
    if (type) type.name = 'terminateSessions';
  },
  'a timer where ours schedules an activity': ({ events }) => {
    const event = events?.find(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes);
    if (event)
      Object.assign(event, {
        eventType: EventType.EVENT_TYPE_TIMER_STARTED,
        activityTaskScheduledEventAttributes: null,
        timerStartedEventAttributes: { timerId: '1' },
      });
  },
  'a change of search attributes that ours does not make': ({ events }) => {
    const event = events?.find(({ timerStartedEventAttributes }) => timerStartedEventAttributes);
    if (event)
      Object.assign(event, {
        eventType: EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
        timerStartedEventAttributes: null,
        upsertWorkflowSearchAttributesEventAttributes: {},
      });
  },
};

describe('a history is refused that has', () => {
  test.each(Object.keys(DOCTORED))('%s', async (what) => {
    const history = await readHistory(`drained-by-deadline.v${await currentVersion()}.json`);
    DOCTORED[what]?.(history);
    await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
  });
});
