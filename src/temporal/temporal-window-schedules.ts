import { Injectable } from '@nestjs/common';
import { ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleDescription } from '@temporalio/client';
import { WINDOW_WORKFLOW, windowScheduleId } from '../../contract/maintenance-window.js';
import type { EpochMs } from '../../contract/states.js';
import { WindowSchedules } from '../maintenance/window-schedules.js';
import type { MaintenanceWindow } from '../record/maintenance-window.js';
import { ClaimedTemporal } from './claimed-temporal.js';
import { WORKFLOW_TASK_TIMEOUT } from './start-options.js';
import { isAsWanted, wantedSchedule } from './wanted-schedule.js';

@Injectable()
export class TemporalWindowSchedules extends WindowSchedules {
  constructor(private readonly client: ClaimedTemporal) {
    super();
  }

  async ensure(window: MaintenanceWindow): Promise<{ openings: EpochMs[] | undefined; repaired: boolean }> {
    const found = await this.describe(window.name);
    if (found && isAsWanted(found, window)) return { openings: openingsOf(found), repaired: false };
    if (found) await this.update(window);
    else await this.create(window);
    const made = await this.describe(window.name);
    return { openings: made && isAsWanted(made, window) ? openingsOf(made) : undefined, repaired: true };
  }

  async remove(name: string): Promise<void> {
    try {
      await this.client.call(() => this.handle(name).delete(), [ScheduleNotFoundError]);
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  async names(): Promise<string[]> {
    const prefix = windowScheduleId('');
    const listed = this.client.schedules.list()[Symbol.asyncIterator]();
    const names: string[] = [];
    for (;;) {
      const step = await this.client.call(() => listed.next());
      if (step.done) return names;
      const { scheduleId } = step.value;
      if (scheduleId.startsWith(prefix)) names.push(scheduleId.slice(prefix.length));
    }
  }

  private async describe(name: string): Promise<ScheduleDescription | null> {
    try {
      return await this.client.call(() => this.handle(name).describe(), [ScheduleNotFoundError]);
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return null;
      throw error;
    }
  }

  /** Creates the schedule. Where another replica was first, the next pass compares it. */
  private async create(window: MaintenanceWindow): Promise<void> {
    try {
      await this.client.call(
        () => this.client.schedules.create({ scheduleId: windowScheduleId(window.name), ...this.options(window) }),
        [ScheduleAlreadyRunning],
      );
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }

  /** Updates the schedule. Where it was deleted meanwhile, the next pass creates it. */
  private async update(window: MaintenanceWindow): Promise<void> {
    try {
      await this.client.call(
        () => this.handle(window.name).update(() => this.options(window)),
        [ScheduleNotFoundError],
      );
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  private handle(name: string) {
    return this.client.schedules.getHandle(windowScheduleId(name));
  }

  private options(window: MaintenanceWindow) {
    return {
      ...wantedSchedule(window),
      action: {
        type: 'startWorkflow' as const,
        workflowType: WINDOW_WORKFLOW,
        // The workflow reads the window from its id: an argument would stay in the schedule, encrypted with an old key.
        workflowId: windowScheduleId(window.name),
        taskQueue: this.client.settings.taskQueue,
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
        args: [],
      },
    };
  }
}

function openingsOf({ info }: ScheduleDescription): EpochMs[] {
  return info.nextActionTimes.map((time) => time.getTime());
}
