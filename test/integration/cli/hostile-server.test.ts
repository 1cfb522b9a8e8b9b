import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createCompletable } from '../../../cli/program.js';
import { run } from '../../../cli/run.js';
import { startFakeApi, type Answer, type Asked, type FakeApi } from '../../support/cli/fake-api.js';
import { fakeTerminal, inTemporaryFolder } from '../../support/cli/fake-terminal.js';

/** All commands, against a server whose texts contain what moves cursors, reorders, hides and forges lines. */

interface Schema {
  $ref?: string;
  type?: string | string[];
  anyOf?: Schema[];
  const?: unknown;
  format?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  minimum?: number;
}

interface Document {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>
  >;
  components: { schemas: Record<string, Schema> };
}

const OPENAPI = JSON.parse(readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8')) as Document;
/** Escape sequences, right-to-left overrides, invisible characters, and a forged line. */
const HOSTILE =
  'a\u001b[2J\u001b[1;1H\u001b]0;owned\u0007\u009b31mb\u202ec\u200b\u2066d\u{E0041}\u{E007F}e\u0000\u0008\rf\u3164\nFORGED node-9  Compute  APPROVED  HEALTHY';
// oxlint-disable-next-line no-control-regex -- control characters are what must not be there
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

/** Data for the schema, with hostile text in every string. */
function hostile(schema: Schema, ended: boolean, depth = 0): unknown {
  if (schema.$ref !== undefined)
    return hostile(OPENAPI.components.schemas[schema.$ref.split('/').at(-1)!]!, ended, depth + 1);
  if (schema.anyOf !== undefined) return hostile(schema.anyOf.find(({ type }) => type !== 'null') ?? {}, ended, depth);
  const [type] = [schema.type].flat();
  if (type === 'object' && schema.properties === undefined)
    return { [HOSTILE]: hostile(schema.additionalProperties as Schema, ended, depth + 1) };
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([key, part]) => [
        key,
        key === 'nextCursor' ? null : hostile(part, ended, depth + 1),
      ]),
    );
  if (type === 'array')
    return [hostile(schema.items ?? {}, ended, depth + 1), hostile(schema.items ?? {}, ended, depth + 1)];
  if (type === 'string') return schema.format === 'date-time' ? '2026-11-21T11:00:00.000Z' : HOSTILE;
  if (type === 'number' || type === 'integer') return 7;
  return type === 'boolean' ? ended : null;
}

function answerTo({ method, path }: Asked): Answer {
  const template = Object.keys(OPENAPI.paths).find((known) =>
    new RegExp(`^${known.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
  const responses = OPENAPI.paths[template ?? '']?.[method.toLowerCase()]?.responses ?? {};
  const status = Object.keys(responses).find((code) => code.startsWith('2')) ?? '404';
  const schema = responses[status]?.content?.['application/json']?.schema;
  if (schema === undefined) return { status: Number(status), body: {} };
  const body = hostile(schema, true) as Record<string, unknown>;
  return { status: Number(status), body };
}

function refuseAll(): Answer {
  return {
    status: 409,
    body: { type: HOSTILE, title: HOSTILE, status: 409, code: HOSTILE, detail: HOSTILE, field: HOSTILE, hint: HOSTILE },
  };
}

/** Commands that contact no server, run until they are interrupted, or write into a file. */
const LEFT_OUT = new Set([
  'auth logout',
  'auth login',
  'context list',
  'context use',
  'context rename',
  'events',
  'sim',
  'version',
  'man',
  'help',
  'support-bundle',
]);

/** Arguments of each command. */
const ARGUMENTS: Record<string, string[]> = {
  'api-token create': ['ann', '--role', 'viewer'],
  'api-token revoke': ['0123456789abcdef'],
  'api-token rotate': ['0123456789abcdef'],
  'join-token describe': ['0123456789abcdef'],
  'join-token revoke': ['0123456789abcdef'],
  'mass-silence release': [],
  'node register': ['node-1'],
  'node wait': ['node-1', '--for', 'HEALTHY', '--timeout', '1ms'],
  'node label': ['node-1', 'a=b'],
  'node edit': ['node-1', '--description', 'disks'],
  ...Object.fromEntries(
    ['drain', 'agent-update'].flatMap((kind) =>
      ['describe', 'pause', 'resume', 'cancel'].map((verb) => [`${kind} ${verb}`, ['d1']]),
    ),
  ),
  'webhook create': ['chat', 'https://example.com/hook'],
  'webhook edit': ['w1', '--name', 'chat'],
  'webhook rotate': ['w1'],
  'webhook test': ['w1'],
  'webhook deliveries': ['w1'],
  'webhook replay': ['w1', 'msg_1'],
  'webhook delete': ['w1'],
  'approval-rule create': ['r', '--decision', 'approve'],
  'approval-rule edit': ['r', '--order', '5'],
  'approval-rule test': ['--pending'],
  'maintenance window create': ['w', '--cron', '0 2 * * *', '--zone', 'UTC', '--for', '1h'],
  'maintenance window edit': ['w', '--for', '1h'],
  'agent-update start': ['1.2.3', '-l', 'pool=a'],
  'session open': ['--principal', 'ana', '--no-wait', 'select 1'],
  'session describe': ['s1'],
  'session terminate': ['s1'],
};

function leaves(command: Command, path: string[] = []): { name: string; formats: string[] }[] {
  if (command.commands.length > 0) return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
  const name = path.join(' ');
  const formats = command.options.find(({ long }) => long === '--output')?.argChoices ?? [];
  return LEFT_OUT.has(name) ? [] : [{ name, formats }];
}

const nowhere = fakeTerminal();
const CALLS = leaves(createCompletable(nowhere, () => async () => {})).flatMap(({ name, formats }) =>
  [undefined, ...formats].map(
    (format) => [`${name}${format === undefined ? '' : ` -o ${format}`}`, name, format] as const,
  ),
);

let api: FakeApi;
let refusing: FakeApi;

beforeAll(async () => {
  api = await startFakeApi(answerTo);
  refusing = await startFakeApi(refuseAll);
});
afterAll(async () => {
  await api.stop();
  await refusing.stop();
});

async function call(
  server: FakeApi,
  name: string,
  format: string | undefined,
  screen?: { columns: number; rows: number },
) {
  const terminal = fakeTerminal({
    env: { ROLLCALL_SERVER: server.url, ROLLCALL_TOKEN: 'rca_x', NO_COLOR: '1' },
    ...(screen ? { screen } : {}),
  });
  const words = [
    ...name.split(' '),
    ...(ARGUMENTS[name] ??
      (/^(node|drain|agent-update|session|join-token|webhook|alert|approval-rule|maintenance|maintenance window) (list)|^(cluster|audit|api-token list|auth whoami|join-token create)/.test(
        name,
      )
        ? []
        : ['node-1'])),
    ...(format === undefined ? [] : ['-o', format]),
  ];
  const code = await run(words, terminal, AbortSignal.timeout(30_000));
  return { code, out: terminal.out(), err: terminal.err() };
}

test('all commands are called', () => {
  expect(new Set(CALLS.map(([, name]) => name)).size).toBeGreaterThan(25);
});

describe.each(CALLS)('%s', (_title, name, format) => {
  test('prints nothing that a terminal acts on or hides', async () => {
    const { code, out, err } = await call(api, name, format);
    expect(err).not.toMatch(/^USAGE|INTERNAL/);
    expect(`${out}${err}`).not.toMatch(UNSAFE);
    expect(code === 0 || err !== '').toBe(true);
    if (format === 'json') expect(JSON.stringify(JSON.parse(out))).toContain(JSON.stringify(HOSTILE));
    else if (format === 'yaml') expect(JSON.stringify(parse(out))).toContain(JSON.stringify(HOSTILE));
    // A line break in foreign text must not start a line that looks like the command's own; prose may have indented lines.
    else expect(out.split('\n').filter((line) => line.startsWith('FORGED'))).toEqual([]);
  });

  test('prints nothing of the kind from a refusal', async () => {
    const { code, out, err } = await call(refusing, name, format);
    expect(code).not.toBe(0);
    expect(`${out}${err}`).not.toMatch(UNSAFE);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(name === 'session terminate' ? 2 : 1);
  });
});

test('a support bundle is as safe about what it could not read', () =>
  inTemporaryFolder(async (folder) => {
    for (const server of [api, refusing]) {
      const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: server.url, ROLLCALL_TOKEN: 'rca_x' } });
      const words = ['support-bundle', '--out', join(folder, `${server === api}.tar.gz`)];
      await run(words, terminal, AbortSignal.timeout(30_000));
      const told = `${terminal.out()}${terminal.err()}`;
      expect(told).not.toBe('');
      expect(told).not.toMatch(UNSAFE);
      expect(told.split('\n').filter((line) => line.startsWith('FORGED'))).toEqual([]);
    }
  }));

test('a name in a pipe is one line', async () => {
  const { out } = await call(api, 'node list', 'name');
  expect(out.split('\n')).toHaveLength(3);
});

test('a file that somebody else wrote is quoted as safely', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'context.json');
    await writeFile(path, JSON.stringify({ server: `http://127.0.0.1:1/\u202e${HOSTILE}`, token: 'rca_x' }), {
      mode: 0o600,
    });
    const terminal = fakeTerminal({ env: { ROLLCALL_HOME: folder } });
    await run(['node', 'list'], terminal, AbortSignal.timeout(30_000));
    expect(terminal.err()).not.toBe('');
    expect(terminal.err()).not.toMatch(UNSAFE);
  }));
