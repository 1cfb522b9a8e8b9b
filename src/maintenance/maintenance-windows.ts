import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { FleetEventType } from '../../contract/audit.js';
import type { Config } from '../../contract/config/schema.js';
import { DEFAULT_NAMESPACE } from '../../contract/config/temporal-keys.js';
import { parseDuration } from '../../contract/duration.js';
import { LEAST_WINDOW_MS, MOST_WINDOWS, whyNoWindow } from '../../contract/maintenance-window.js';
import type {
  createWindowRequestSchema,
  patchWindowRequestSchema,
  windowPageSchema,
  WindowView,
} from '../../contract/schemas/maintenance-windows.js';
import type { Actor } from '../auth/caller.js';
import type { ShownTemporal } from '../drains/drain-set-view.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { EventStore } from '../record/event-store.js';
import type { MaintenanceWindow, WindowChange } from '../record/maintenance-window.js';
import { fleetEvent } from '../record/node-event.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { WindowStore } from '../record/window-store.js';
import { WindowScheduling } from './window-scheduling.js';
import { WindowSchedules } from './window-schedules.js';
import { windowView } from './window-view.js';
import { WindowWaiters } from './window-waiters.js';

const MAX_ATTEMPTS = 10;
/** Maximum number of sets named in the refusal to delete a window. */
const NAMED = 5;

/** Maintenance windows: committed to the record first, then scheduled in Temporal. */
@Injectable()
export class MaintenanceWindows {
  private readonly logger = new Logger(MaintenanceWindows.name);
  private readonly temporal: ShownTemporal;

  constructor(
    private readonly windows: WindowStore,
    private readonly waiters: WindowWaiters,
    private readonly scheduling: WindowScheduling,
    private readonly schedules: WindowSchedules,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    const { Namespace, WebUI } = Orchestrator.Temporal;
    this.temporal = { namespace: Namespace ?? DEFAULT_NAMESPACE, webUI: WebUI };
  }

  /** @throws ProblemError TOO_MANY_WINDOWS, WINDOW_NAME_TAKEN */
  async create(request: z.output<typeof createWindowRequestSchema>, actor: Actor): Promise<WindowView> {
    const { duration, ...same } = request;
    const window: MaintenanceWindow = {
      ...same,
      ...{ durationMs: parseDuration(duration) ?? LEAST_WINDOW_MS, version: 1 },
      ...{ createdAt: this.clock.now(), createdBy: actor.by, scheduled: { version: 0, openings: [], problem: '' } },
    };
    const { name } = window;
    await this.unit.run(async () => {
      const outcome = await this.windows.create(window);
      if (outcome === 'full')
        throw new ProblemError({
          code: 'TOO_MANY_WINDOWS',
          detail: `there are ${MOST_WINDOWS} maintenance windows already`,
          hint: 'Delete one first: rollcall maintenance window list',
        });
      if (outcome === 'taken')
        throw new ProblemError({
          code: 'WINDOW_NAME_TAKEN',
          detail: `there is a maintenance window ${name} already`,
          field: 'name',
          hint: `Choose another name, or change it: rollcall maintenance window edit ${name}`,
        });
      await this.note('WindowCreated', window, actor);
      await this.answers.keep(201, () => this.shown(window));
    });
    this.logger.log({ msg: 'a maintenance window was made', window: name, by: actor.by });
    return this.schedule(window);
  }

  async list(): Promise<z.infer<typeof windowPageSchema>> {
    const [windows, sets] = await Promise.all([this.windows.all(), this.waiters.of()]);
    const now = this.clock.now();
    return { items: windows.map((window) => windowView(window, sets, this.temporal, now)), nextCursor: null };
  }

  /** @throws ProblemError NOT_FOUND */
  async get(name: string): Promise<WindowView> {
    return this.shown(await this.find(name));
  }

  /** @throws ProblemError NOT_FOUND, WINDOW_CHANGED, or VALIDATION_FAILED where it could not open as it would be then */
  async change(name: string, request: z.output<typeof patchWindowRequestSchema>, actor: Actor): Promise<WindowView> {
    const { version, duration, ...same } = request;
    const change = {
      ...same,
      ...(duration !== undefined && { durationMs: parseDuration(duration) ?? LEAST_WINDOW_MS }),
    } as WindowChange;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const before = await this.find(name);
      if (version !== undefined && version !== before.version) break;
      const fault = whyNoWindow({ ...before, ...change });
      if (fault !== undefined)
        throw new ProblemError({
          code: 'VALIDATION_FAILED',
          detail: `${fault.field} ${fault.says}`,
          field: fault.field,
          hint: 'Change cron and duration together',
        });
      const changed = await this.unit.run(async () => {
        const after = await this.windows.change(name, before.version, change);
        if (after === 'conflict') return after;
        await this.note('WindowChanged', after, actor);
        await this.answers.keep(200, () => this.shown(after));
        return after;
      });
      if (changed === 'conflict') continue;
      this.logger.log({ msg: 'a maintenance window was changed', window: name, by: actor.by });
      return this.schedule(changed);
    }
    throw new ProblemError({
      code: 'WINDOW_CHANGED',
      detail: `somebody has changed maintenance window ${name} meanwhile`,
      hint: 'Look at it, then try again',
    });
  }

  /** @throws ProblemError NOT_FOUND, or WINDOW_IN_USE where sets run within it */
  async remove(name: string, actor: Actor): Promise<void> {
    await this.unit.run(async () => {
      const window = await this.find(name);
      const sets = await this.waiters.of(name);
      if (sets.length > 0)
        throw new ProblemError({
          code: 'WINDOW_IN_USE',
          detail: `${sets.length === 1 ? '1 set runs' : `${sets.length} sets run`} within window ${name}: ${sets
            .slice(0, NAMED)
            .map(({ id }) => id)
            .join(', ')}${sets.length > NAMED ? ', …' : ''}`,
          hint: 'Cancel them first, or wait until they are over',
        });
      await this.windows.remove(name);
      await this.note('WindowDeleted', window, actor);
      await this.answers.keep(204, () => undefined);
    });
    this.logger.log({ msg: 'a maintenance window was deleted', window: name, by: actor.by });
    await this.schedules.remove(name).catch((error: Error) => this.left(name, error));
  }

  /** Schedules a committed window. Failures are ignored, since the reconciler repeats it. */
  private async schedule(window: MaintenanceWindow): Promise<WindowView> {
    await this.scheduling.ensure(window).catch((error: Error) => this.left(window.name, error));
    return this.shown((await this.windows.find(window.name)) ?? window);
  }

  private left(window: string, { message: reason }: Error): void {
    this.logger.warn({
      msg: 'a schedule is not as its maintenance window yet; the worker will see to it',
      window,
      reason,
    });
  }

  private async shown(window: MaintenanceWindow): Promise<WindowView> {
    return windowView(window, await this.waiters.of(window.name), this.temporal, this.clock.now());
  }

  private async find(name: string): Promise<MaintenanceWindow> {
    const window = await this.windows.find(name);
    if (window === null)
      throw new ProblemError({
        code: 'NOT_FOUND',
        detail: `there is no maintenance window ${name}`,
        hint: 'See: rollcall maintenance window list',
      });
    return window;
  }

  private note(type: FleetEventType, window: MaintenanceWindow, actor: Actor): Promise<void> {
    const { name, cron, timeZone, description } = window;
    const what = `window ${name}, ${cron} ${timeZone}`;
    return this.events.append([
      fleetEvent(type, this.clock.now(), actor, description === '' ? what : `${what}: ${description}`),
    ]);
  }
}
