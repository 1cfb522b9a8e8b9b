import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './remove-folder.js';
import { atEndOfSuite } from './use-in-suite.js';

const made: string[] = [];

// Retries while processes still write: `afterEach` has ended the test's own, and the suite's have ended too.
atEndOfSuite(async () => {
  for (const folder of made.splice(0)) await removeFolder(folder);
});

/** An empty folder that is removed after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-test-'));
  made.push(folder);
  return folder;
}
