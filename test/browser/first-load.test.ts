import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { WEB_FOLDER } from '../../src/http/web-page.js';

const MOST_BYTES = 250_000;

/** What a browser loads before it can show the page: the files that index.html names, and their static imports. */
function filesOfFirstLoad(): string[] {
  const html = readFileSync(join(WEB_FOLDER, 'index.html'), 'utf8');
  const files = new Set([...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path ?? ''));
  for (const file of files) {
    if (!file.endsWith('.js')) continue;
    // Static imports; those by import() are loaded later.
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

test('large files are served compressed', () => {
  for (const file of filesOfFirstLoad().filter((name) => name.startsWith('assets/'))) {
    const path = join(WEB_FOLDER, file);
    if (readFileSync(path).length < 1_024) continue;
    expect([file, existsSync(`${path}.br`), existsSync(`${path}.gz`)]).toEqual([file, true, true]);
  }
});

test('the style sheet has the rules of all Mantine components that the page uses', () => {
  const styles = join(dirname(createRequire(import.meta.url).resolve('@mantine/core/styles.css')), 'styles');
  const assets = readdirSync(join(WEB_FOLDER, 'assets'));
  const read = (ending: string) =>
    assets
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(WEB_FOLDER, 'assets', name), 'utf8'))
      .join('\n');
  const classesIn = (text: string) => new Set(text.match(/\bm_[0-9a-f]+\b/g));
  const used = classesIn(read('.js'));
  const styled = classesIn(read('.css'));
  expect(used.size).toBeGreaterThan(50);
  const missing = readdirSync(styles)
    .filter((name) => name.endsWith('.layer.css'))
    .filter((name) =>
      [...classesIn(readFileSync(join(styles, name), 'utf8'))].some((one) => used.has(one) && !styled.has(one)),
    );
  // Each of these belongs into web/src/mantine-styles.css.
  expect(missing).toEqual([]);
});
