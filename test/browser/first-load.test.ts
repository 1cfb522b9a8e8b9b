import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { WEB_FOLDER } from '../../src/http/web-page.js';

const MOST_BYTES = 250_000;

/** What a browser fetches before it can show the page: what index.html names, and what those files cannot do without. */
function filesOfFirstLoad(): string[] {
  const html = readFileSync(join(WEB_FOLDER, 'index.html'), 'utf8');
  const files = new Set([...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path ?? ''));
  for (const file of files) {
    if (!file.endsWith('.js')) continue;
    // Static imports; what is imported with import() is fetched later.
    for (const [, name] of readFileSync(join(WEB_FOLDER, file), 'utf8').matchAll(
      /(?:^|[;}\s])(?:import|export)\s*(?:[^"'();]*?\bfrom\s*)?["']\.\/([^"']+)["']/g,
    ))
      files.add(`assets/${name}`);
  }
  return [...files];
}

test('the first load is below 250 kB, compressed', () => {
  const files = filesOfFirstLoad();
  expect(files.filter((file) => file.endsWith('.js')).length).toBeGreaterThanOrEqual(2);
  expect(files.some((file) => file.endsWith('.css'))).toBe(true);
  const sizes = Object.fromEntries(
    ['index.html', ...files].map((file) => [file, gzipSync(readFileSync(join(WEB_FOLDER, file))).length]),
  );
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  expect({ sizes, total, fits: total < MOST_BYTES }).toEqual({ sizes, total, fits: true });
});

test('what is large comes compressed already', () => {
  for (const file of filesOfFirstLoad().filter((name) => name.startsWith('assets/'))) {
    const path = join(WEB_FOLDER, file);
    if (readFileSync(path).length < 1_024) continue;
    expect([file, existsSync(`${path}.br`), existsSync(`${path}.gz`)]).toEqual([file, true, true]);
  }
});
