import { expect } from '@jest/globals';
import {
  createMaintenanceWindow,
  getMaintenanceWindow,
  type CreateMaintenanceWindowRequest,
  type MaintenanceWindow,
} from '../../../client/index.js';
import { run } from '../../../cli/run.js';
import type { ApiUnderTest } from '../api/api-under-test.js';
import { fakeTerminal } from '../cli/fake-terminal.js';
import { eventually } from '../eventually.js';

/** Settings of an api whose agents only report, so that silence does not matter. */
export const WINDOW_SETTINGS = {
  'Orchestrator.NodeManager.DisconnectTimeout': '1h',
  'Orchestrator.Temporal.WebUI': 'http://temporal.test',
};

export const NIGHT = { cron: '0 2 * * *', timeZone: 'Europe/Berlin', duration: '4h' };

/** Maintenance windows of an api over a real Temporal. */
export class WindowsUnderTest {
  constructor(private readonly api: ApiUnderTest) {}

  /** Creates a window, and waits for its schedule. */
  async create(body: CreateMaintenanceWindowRequest): Promise<MaintenanceWindow> {
    const { error } = await createMaintenanceWindow({ client: this.api.admin, body });
    if (error) throw new Error(JSON.stringify(error));
    return this.scheduled(body.name);
  }

  scheduled(name: string): Promise<MaintenanceWindow> {
    return eventually(async () => {
      const found = await this.read(name);
      expect(found).toMatchObject({ scheduled: true, problem: '' });
      return found;
    });
  }

  async read(name: string): Promise<MaintenanceWindow> {
    return (await getMaintenanceWindow({ client: this.api.admin, path: { name }, throwOnError: true })).data;
  }

  /** Runs a command of the CLI as the administrator. @returns its output */
  async cli(...words: string[]): Promise<string> {
    const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: this.api.url, ROLLCALL_TOKEN: this.api.adminToken } });
    expect(await run(words, terminal, new AbortController().signal)).toBe(0);
    return terminal.out();
  }
}
