import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brokenArrows, layoutOf, ROOT, type Layout } from './cruise.js';

const FOLDERS = ['contract', 'workflows', 'activities', 'src', 'agent', 'cli', 'client', 'embedded', 'bench', 'web'];

/** Files of a small tree that break one arrow each, and the expected violations. */
const FORBIDDEN: Record<string, { files: Record<string, string>; broken: string[] }> = {
  'a workflow that reads a file': {
    files: {
      'workflows/peek.ts': `import { readFileSync } from 'node:fs';\nexport const peek = () => readFileSync('x');`,
    },
    broken: ['workflows-are-deterministic: workflows/peek.ts → fs', 'no-node-in-the-sandbox: workflows/peek.ts → fs'],
  },
  'a workflow that reaches zod by way of the contract': {
    files: {
      'workflows/parse.ts': `import { schema } from '../contract/impure.js';\nexport const parse = schema;`,
      'contract/impure.ts': `export { schema } from './schemas/thing.js';`,
      'contract/schemas/thing.ts': `import { z } from 'zod';\nexport const schema = z.string();`,
    },
    broken: [
      'workflows-are-deterministic: workflows/parse.ts → node_modules/zod/',
      'pure-contract-stays-pure: contract/impure.ts → node_modules/zod/',
    ],
  },
  "a workflow that reaches Nest by way of an activity's types": {
    files: {
      'workflows/type.ts': `import type { Thing } from '../activities/thing.js';\nexport type Mine = Thing;`,
      'activities/thing.ts': `import { Injectable } from '@nestjs/common';\nexport class Thing { x = Injectable }`,
    },
    broken: [
      'workflows-are-deterministic: workflows/type.ts → node_modules/@nestjs/common/',
      'activities-know-ports-only: activities/thing.ts → node_modules/@nestjs/common/',
    ],
  },
  "a workflow that calls an activity's code": {
    files: {
      'workflows/call.ts': `import { act } from '../activities/code.js';\nexport const call = act;`,
      'activities/code.ts': `export const act = 1;`,
    },
    broken: ['workflows-know-activities-by-type-only: workflows/call.ts → activities/code.ts'],
  },
  'a contract that imports the server': {
    files: {
      'contract/schemas/node.ts': `import { x } from '../../src/x.js';\nexport const y = x;`,
      'src/x.ts': `export const x = 1;`,
    },
    broken: ['contract-imports-nothing-of-ours: contract/schemas/node.ts → src/x.ts'],
  },
  'a schema that reads the disk': {
    files: { 'contract/schemas/disk.ts': `import { readFileSync } from 'node:fs';\nexport const x = readFileSync;` },
    broken: ['schemas-read-no-disk: contract/schemas/disk.ts → fs'],
  },
  'a command of the CLI that reaches mongoose over two steps': {
    files: {
      'cli/command.ts': `import { help } from './help.js';\nexport const command = help;`,
      'cli/help.ts': `import mongoose from 'mongoose';\nexport const help = mongoose;`,
    },
    broken: [
      'agent-cli-and-web-reach-no-server-code: cli/command.ts → node_modules/mongoose/',
      'mongoose-only-in-src-mongo: cli/help.ts → node_modules/mongoose/',
    ],
  },
  'an agent that imports the api': {
    files: {
      'agent/spy.ts': `import { x } from '../src/y.js';\nexport const y = x;`,
      'src/y.ts': `export const x = 1;`,
    },
    broken: ['agent-cli-and-web-reach-no-server-code: agent/spy.ts → src/y.ts'],
  },
  'an agent that loads DuckDB beside itself': {
    files: {
      'agent/query.ts': `import { DuckDBInstance } from '@duckdb/node-api';\nexport const query = DuckDBInstance;`,
    },
    broken: ['duckdb-only-in-a-process-of-its-own: agent/query.ts → node_modules/@duckdb/'],
  },
  'an agent that imports the CLI': {
    files: {
      'agent/shell.ts': `import { x } from '../cli/x.js';\nexport const y = x;`,
      'cli/x.ts': `export const x = 1;`,
    },
    broken: ['agent-cli-and-web-are-strangers: agent/shell.ts → cli/x.ts'],
  },
  'a client that is not what was generated': {
    files: {
      'client/extra.ts': `import { x } from '../contract/word.js';\nexport const y = x;`,
      'contract/word.ts': `export const x = 1;`,
    },
    broken: ['client-is-a-package-of-its-own: client/extra.ts → contract/word.ts'],
  },
  'a controller that queries mongoose': {
    files: { 'src/nodes/nodes.controller.ts': `import { Model } from 'mongoose';\nexport const x = Model;` },
    broken: ['mongoose-only-in-src-mongo: src/nodes/nodes.controller.ts → node_modules/mongoose/'],
  },
  'a service that signals a workflow itself': {
    files: {
      'src/nodes/decision.service.ts': `import { Client } from '@temporalio/client';\nexport const x = Client;`,
    },
    broken: ['temporal-clients-only-in-src-temporal: src/nodes/decision.service.ts → node_modules/@temporalio/client/'],
  },
  'a worker that imports workflows instead of bundling them': {
    files: {
      'src/worker.ts': `import { x } from '../workflows/x.js';\nexport const y = x;`,
      'workflows/x.ts': `export const x = 1;`,
    },
    broken: ['nobody-imports-workflows: src/worker.ts → workflows/x.ts'],
  },
  'a launcher that imports the api': {
    files: {
      'embedded/main.ts': `import { x } from '../src/z.js';\nexport const y = x;`,
      'src/z.ts': `export const x = 1;`,
    },
    broken: ['embedded-knows-the-contract-only: embedded/main.ts → src/z.ts'],
  },
  'two files that need each other': {
    files: {
      'src/a.ts': `import { b } from './b.js';\nexport const a = () => b;`,
      'src/b.ts': `import { a } from './a.js';\nexport const b = () => a;`,
    },
    broken: ['no-circles: src/a.ts → src/b.ts'],
  },
  'two folders that need each other, by files that do not': {
    files: {
      'src/joining/registers.ts': `import { judge } from '../auth/judge.js';\nexport const registers = judge;`,
      'src/auth/judge.ts': `export const judge = 1;`,
      'src/auth/knows.ts': `import { joined } from '../joining/joined.js';\nexport const knows = joined;`,
      'src/joining/joined.ts': `export const joined = 1;`,
    },
    broken: ['folders-form-no-cycle: src/auth/knows.ts → src/joining/joined.ts'],
  },
  "a folder that needs its program's own files": {
    files: {
      'cli/output/starts.ts': `import { begin } from '../begin.js';\nexport const starts = begin;`,
      'cli/begin.ts': `export const begin = 1;`,
    },
    broken: ['folders-form-no-cycle: cli/output/starts.ts → cli/begin.ts'],
  },
  'a part of the page that needs a page': {
    files: {
      'web/src/parts/part.tsx': `import { page } from '../nodes/page.js';\nexport const part = page;`,
      'web/src/nodes/page.tsx': `export const page = 1;`,
    },
    broken: ['folders-form-no-cycle: web/src/parts/part.tsx → web/src/nodes/page.tsx'],
  },
  'a new folder without a place': {
    files: {
      'agent/novel/uses.ts': `import { x } from '../process/base.js';\nexport const y = x;`,
      'agent/process/base.ts': `export const x = 1;`,
    },
    broken: ['folders-form-no-cycle: agent/novel/uses.ts → agent/process/base.ts'],
  },
  'code that imports a test': {
    files: { 'src/c.ts': `import { t } from '../test/t.js';\nexport const a = t;`, 'test/t.ts': `export const t = 1;` },
    broken: ['nobody-imports-tests: src/c.ts → test/t.ts'],
  },
  'a command that imports a package which is installed for the agent': {
    files: { 'cli/machine.ts': `import { cpu } from 'systeminformation';\nexport const x = cpu;` },
    broken: ['packages-are-named: cli/machine.ts → node_modules/systeminformation/'],
  },
  'an api that imports a package which is installed for tests': {
    files: { 'src/random.ts': `import { sample } from 'fast-check';\nexport const x = sample;` },
    broken: ['programs-run-without-development-packages: src/random.ts → node_modules/fast-check/'],
  },
  'a launcher that imports a folder which its package.json does not name': {
    files: {
      'embedded/ask.ts': `import { ask } from '../client/ask.js';\nexport const x = ask;`,
      'client/ask.ts': `export const ask = 1;`,
    },
    broken: ['our-packages-are-named: embedded/ask.ts → client/ask.ts'],
  },
  'an import of what is not there': {
    files: { 'src/d.ts': `import { t } from './nowhere.js';\nexport const a = t;` },
    broken: ['no-unresolvable-import: src/d.ts → ./nowhere.js'],
  },
};

const ALLOWED: Record<string, string> = {
  'contract/pure.ts': `export const x = 1;`,
  'contract/schemas/x.ts': `import { z } from 'zod';\nimport { x } from '../pure.js';\nexport const schema = z.literal(x);`,
  'activities/act.ts': `import { x } from '../contract/pure.js';\nexport interface Acts { act(): typeof x }`,
  'workflows/life.ts': `import { sleep } from '@temporalio/workflow';\nimport type { Acts } from '../activities/act.js';\nimport { x } from '../contract/pure.js';\nexport const life = (acts: Acts) => [sleep, x, acts];`,
  'cli/main.ts': `import { readFileSync } from 'node:fs';\nimport { schema } from '../contract/schemas/x.js';\nexport const y = [schema, readFileSync];`,
  'src/joining/joins.ts': `import { judge } from '../auth/judge.js';\nexport const joins = judge;`,
  'src/auth/types.ts': `import type { joined } from '../joining/joined.js';\nexport type Joined = typeof joined;`,
  'src/mongo/store.ts': `import mongoose from 'mongoose';\nexport const store = mongoose;`,
  'src/temporal/client.ts': `import { Client } from '@temporalio/client';\nexport const client = Client;`,
};

let layout: Layout;
let found: string[];
beforeAll(async () => {
  layout = await layoutOf(Object.assign({}, ALLOWED, ...Object.values(FORBIDDEN).map(({ files }) => files)));
  found = await brokenArrows(layout.root, layout.folders);
});
afterAll(() => layout.remove());

describe("the layout's arrows", () => {
  test('hold in this tree', async () => {
    expect(await brokenArrows(ROOT, FOLDERS)).toEqual([]);
  });

  test.each(Object.entries(FORBIDDEN))('forbid %s', (_title, { broken }) => {
    for (const arrow of broken) expect(found).toContainEqual(expect.stringContaining(arrow));
  });

  test.each(Object.keys(ALLOWED))('allow what %s does', (file) => {
    expect(found.filter((arrow) => arrow.includes(`: ${file} → `))).toEqual([]);
  });

  test('are each covered by an example', async () => {
    const { default: config } = (await import('../../../.dependency-cruiser.cjs')) as {
      default: { forbidden: { name: string }[] };
    };
    const proven = new Set(
      Object.values(FORBIDDEN).flatMap(({ broken }) => broken.map((arrow) => arrow.split(':')[0])),
    );
    expect(config.forbidden.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});
