import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** Checks the package.json files and package-lock.json together. */

const ROOT = new URL('../../../', import.meta.url);

interface Manifest {
  name: string;
  version: string;
  type: string;
  private?: boolean;
  workspaces?: string[];
  engines: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

interface Locked {
  version?: string;
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const read = async <T>(path: string) => JSON.parse(await readFile(new URL(path, ROOT), 'utf8')) as T;
const root = await read<Manifest>('package.json');
const folders = root.workspaces ?? [];
const manifests = [root, ...(await Promise.all(folders.map((folder) => read<Manifest>(`${folder}/package.json`))))];
const { packages: locked } = await read<{ packages: Record<string, Locked> }>('package-lock.json');

/** Names of everything that is installed with a folder for production. */
function installedWith(folder: string): Set<string> {
  const seen = new Set<string>();
  const visit = (path: string) => {
    const entry = locked[path];
    if (!entry || seen.has(path)) return;
    seen.add(path);
    if (entry.link) return visit(entry.resolved ?? '');
    const wanted = { ...entry.peerDependencies, ...entry.optionalDependencies, ...entry.dependencies };
    for (const name of Object.keys(wanted)) visit(nearest(path, name));
  };
  visit(folder);
  return new Set([...seen].map((path) => path.replace(/^.*node_modules\//, '')));
}

/** Where Node finds `name` from a package at `path`. */
function nearest(path: string, name: string): string {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
    if (candidate in locked || from === '') return candidate;
  }
}

test('all packages have one version and language level, and one Node.js except for the public one', () => {
  const published = manifests.filter(({ private: kept }) => !kept);
  expect(published.map(({ name, version, type }) => ({ name, version, type }))).toEqual([
    { name: '@rollcall/client', version: root.version, type: 'module' },
  ]);
  for (const { name, version, type, engines, private: kept } of manifests.filter((one) => one.private)) {
    expect({ name, version, type, engines, kept }).toEqual({
      name,
      version: root.version,
      type: 'module',
      engines: root.engines,
      kept: true,
    });
  }
});

test("every package is pinned to one version, the same everywhere, and Rollcall's own are folders", () => {
  const versions = new Map<string, Set<string>>();
  for (const { dependencies, devDependencies } of manifests) {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (name.startsWith('@rollcall/')) {
        expect([name, version]).toEqual([name, expect.stringMatching(/^file:(\.\.\/)?[a-z]+$/)]);
        continue;
      }
      expect([name, version]).toEqual([name, expect.stringMatching(/^(npm:[a-z]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/)]);
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
  }
  expect([...versions].filter(([, different]) => different.size > 1)).toEqual([]);
});

test('every package is where the programs in dist find it', () => {
  const below = Object.keys(locked).filter((path) => /^(?!node_modules\/).+\/node_modules\//.test(path));
  expect(below).toEqual([]);
});

test('the lock file names no registry', () => {
  const hosts = Object.values(locked).flatMap(({ resolved, link }) =>
    resolved === undefined || link ? [] : [resolved],
  );
  expect(hosts.filter((address) => !address.startsWith('https://registry.npmjs.org/'))).toEqual([]);
});

test('there is one driver for MongoDB, which only mongoose depends on', () => {
  expect(Object.keys(locked).filter((path) => path.endsWith('node_modules/mongodb'))).toEqual(['node_modules/mongodb']);
  expect(
    manifests.filter(({ dependencies, devDependencies }) => 'mongodb' in { ...dependencies, ...devDependencies }),
  ).toEqual([]);
});

test.each([
  ['agent', /^(@nestjs|@temporalio|mongoose|mongodb|fastify|webpack|@swc)(\/|$)/],
  ['cli', /^(@nestjs|@temporalio|mongoose|mongodb|fastify|webpack|@swc|@duckdb)(\/|$)/],
  ['contract', /^(@nestjs|@temporalio|mongoose|mongodb|fastify|webpack|@swc|@duckdb)(\/|$)/],
  ['', /^(mongodb-memory-server-core|@temporalio\/testing|@duckdb|systeminformation|react|jest)(\/|$)/],
])('a production install of %j has no package that it does not need', (folder, strange) => {
  const installed = installedWith(folder);
  expect(installed.size).toBeGreaterThan(10);
  expect([...installed].filter((name) => strange.test(name))).toEqual([]);
});
