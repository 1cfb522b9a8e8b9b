import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect } from '@jest/globals';

/**
 * Expects `text` to equal the golden file at `url`. Goldens are rewritten only with `UPDATE_GOLDENS=1`,
 * and reviewed as diffs.
 */
export async function expectGolden(url: URL, text: string): Promise<void> {
  if (process.env['UPDATE_GOLDENS'] === '1') {
    await mkdir(dirname(url.pathname), { recursive: true });
    await writeFile(url, text);
    return;
  }
  const golden = await readFile(url, 'utf8').catch(
    () => `there is no golden file ${url.pathname}: make it with UPDATE_GOLDENS=1\n`,
  );
  expect(text).toBe(golden);
}
