import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  createWindowRequestSchema,
  patchWindowRequestSchema,
  windowName,
  windowPageSchema,
  windowSchema,
  type WindowView,
} from '../../contract/schemas/maintenance-windows.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { Operation } from '../http/operation.decorator.js';
import { MaintenanceWindows } from './maintenance-windows.js';

/** Maintenance windows, in which drain sets and agent updates may take nodes out. */
@ApiTags('maintenance')
@Controller('v1/maintenance-windows')
export class MaintenanceWindowsController {
  constructor(private readonly windows: MaintenanceWindows) {}

  @Post()
  @Roles('operator', 'cluster')
  @Operation({
    summary: 'Make a maintenance window: times at which drain sets and updates of agents may take nodes out',
    description:
      'It binds those that name it (`window`). A schedule of Temporal opens it; while Temporal is away it is written down, and scheduled later.',
    answers: { 201: { description: 'the window, and when it opens', schema: windowSchema } },
    refuses: ['TOO_MANY_WINDOWS', 'WINDOW_NAME_TAKEN', 'IDEMPOTENCY_KEY_REUSED'],
  })
  createMaintenanceWindow(
    @Body({ schema: createWindowRequestSchema }) request: z.output<typeof createWindowRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<WindowView> {
    return this.windows.create(request, actor);
  }

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List maintenance windows, by their names',
    answers: { 200: { description: 'all of them', schema: windowPageSchema } },
  })
  listMaintenanceWindows(): Promise<z.infer<typeof windowPageSchema>> {
    return this.windows.list();
  }

  @Get(':name')
  @Roles('viewer')
  @Operation({
    summary: 'Describe a maintenance window',
    answers: { 200: { description: 'the window, when it opens, and which sets run within it', schema: windowSchema } },
    refuses: ['NOT_FOUND'],
  })
  getMaintenanceWindow(@Param('name', { schema: windowName }) name: string): Promise<WindowView> {
    return this.windows.get(name);
  }

  @Patch(':name')
  @Roles('operator', 'cluster')
  @Operation({
    summary: 'Change a maintenance window; what is left out stays as it is',
    description: 'An opening that has begun ends as it was to. Labels and blackouts are replaced as a whole.',
    answers: { 200: { description: 'the window as changed', schema: windowSchema } },
    refuses: ['NOT_FOUND', 'WINDOW_CHANGED', 'IDEMPOTENCY_KEY_REUSED'],
  })
  editMaintenanceWindow(
    @Param('name', { schema: windowName }) name: string,
    @Body({ schema: patchWindowRequestSchema }) request: z.output<typeof patchWindowRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<WindowView> {
    return this.windows.change(name, request, actor);
  }

  @Delete(':name')
  @HttpCode(204)
  @Roles('operator', 'cluster')
  @Operation({
    summary: 'Delete a maintenance window that no set runs within',
    answers: { 204: { description: 'it opens no more' } },
    refuses: ['NOT_FOUND', 'WINDOW_IN_USE', 'IDEMPOTENCY_KEY_REUSED'],
  })
  deleteMaintenanceWindow(@Param('name', { schema: windowName }) name: string, @Acting() actor: Actor): Promise<void> {
    return this.windows.remove(name, actor);
  }
}
