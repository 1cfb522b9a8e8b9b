import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const WEB = join(import.meta.dirname, '../../../web/src');
const WHOLE = createRequire(import.meta.url).resolve('@mantine/core/styles.layer.css');
const STYLES = join(dirname(WHOLE), 'styles');
const read = (path: string) => readFileSync(path, 'utf8');

const LISTED = [...read(join(WEB, 'mantine-styles.css')).matchAll(/@mantine\/core\/styles\/([\w-]+)\.layer\.css/g)].map(
  ([, name = '']) => name,
);

test('each imported Mantine component has its styles in mantine-styles.css', () => {
  const imported = globSync('**/*.tsx', { cwd: WEB }).flatMap((file) =>
    [...read(join(WEB, file)).matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) =>
      names.split(',').map((name) => name.trim()),
    ),
  );
  const styled = new Set(globSync('*.layer.css', { cwd: STYLES }).map((file) => file.replace('.layer.css', '')));
  expect(imported.length).toBeGreaterThan(50);
  const missing = [...new Set(imported)].filter((name) => styled.has(name) && !LISTED.includes(name));
  expect(missing).toEqual([]);
});

test("they are in Mantine's own order, since later ones override earlier ones", () => {
  const whole = read(WHOLE);
  const places = LISTED.map((name) => {
    const rules = read(join(STYLES, `${name}.layer.css`)).replace(/^@layer mantine\s*\{/, '');
    return whole.indexOf(rules.trim().slice(0, 80));
  });
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
