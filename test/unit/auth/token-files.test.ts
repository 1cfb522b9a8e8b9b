import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../contract/config/schema.js';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { TokenFiles } from '../../../src/auth/token-files.js';
import { TokenStore } from '../../../src/auth/token-store.js';
import { EventStore } from '../../../src/record/event-store.js';
import { UnitOfWork } from '../../../src/record/unit-of-work.js';
import { removeFolder } from '../../support/remove-folder.js';

const ID = '0123456789abcdef';
const TOKEN = `rcj_${ID}_${'A'.repeat(43)}`;

let folder: string;
let reached: () => void;
let files: TokenFiles;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-token-files-'));
  const path = join(folder, 'join-token');
  await writeFile(path, `${TOKEN}\n`);
  // MongoDB is starting: a unit of work begins, and ends when the test says so.
  const atLast = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const unit = { run: () => atLast } as unknown as UnitOfWork;
  const config = configSchema.parse({ Orchestrator: { Auth: { JoinTokenFile: path } } });
  files = new TokenFiles({} as ApiTokenStore, {} as TokenStore, {} as EventStore, unit, { now: () => 0 }, config);
  await files.onModuleInit();
});
afterEach(() => removeFolder(folder));

describe('a token of the installation', () => {
  test('is answered with 503 instead of 401 until it is stored', async () => {
    files.onApplicationBootstrap();
    expect(() => files.assertStored(ID)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'UNAVAILABLE' }) }),
    );
    reached();
    await files.onApplicationShutdown();
    expect(() => files.assertStored(ID)).not.toThrow();
  });

  test('changes nothing for other tokens', () => {
    expect(() => files.assertStored('fedcba9876543210')).not.toThrow();
  });
});
