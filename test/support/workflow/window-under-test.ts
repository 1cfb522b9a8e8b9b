import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createWindowActivities, type OpeningOutcome } from '../../../activities/window-activities.js';
import { WINDOW_WORKFLOW, windowScheduleId, type WindowOpening } from '../../../contract/maintenance-window.js';
import type { maintenanceWindow } from '../../../workflows/index.js';
import { countedBundle } from './lifecycle-bundle.js';
import type { LifecycleHarness } from './lifecycle-harness.js';
import { bringingHome } from './workflow-coverage.js';

/** One opening of the window `night`, under the id that Temporal's schedule would give it. */
export class WindowUnderTest {
  private constructor(
    readonly handle: WorkflowHandle<typeof maintenanceWindow>,
    /** Its nominal time. */
    readonly at: number,
    /** Openings requested from the record. */
    readonly asked: readonly WindowOpening[],
    private readonly worker: Worker,
    private readonly running: Promise<void>,
  ) {}

  static async start(
    { env }: LifecycleHarness,
    answer: (opening: WindowOpening) => OpeningOutcome,
  ): Promise<WindowUnderTest> {
    const taskQueue = `window-${randomUUID()}`;
    const asked: WindowOpening[] = [];
    const open = async (opening: WindowOpening) => {
      asked.push(opening);
      return answer(opening);
    };
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: await countedBundle(),
      activities: { ...createWindowActivities({ windows: { open } }) },
      shutdownGraceTime: 0,
      ...bringingHome(),
    });
    const running = worker.run();
    const moment = new Date(await env.currentTimeMs()).toISOString().replace(/\.\d+Z$/, 'Z');
    const handle = await env.client.workflow.start<typeof maintenanceWindow>(WINDOW_WORKFLOW, {
      workflowId: `${windowScheduleId('night')}-${moment}`,
      taskQueue,
      args: [],
    });
    return new WindowUnderTest(handle, Date.parse(moment), asked, worker, running);
  }

  async stop(): Promise<void> {
    this.worker.shutdown();
    await this.running;
  }
}
