import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DuckDbEngine } from '../../../agent/sessions/duckdb-engine.js';
import { ResultWriter } from '../../../agent/sessions/result-writer.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { sessionsOf } from '../../support/agent/sessions-of.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import {
  beginQuery,
  BUSY,
  failed,
  MIB,
  outcomeOf,
  works,
  type QueryOptions,
} from '../../support/agent/duckdb-queries.js';

describe('a query', () => {
  test('ends with its rows in a file, as lossless JSON lines, and a preview', async () => {
    const folder = await temporaryFolder();
    const sql = `CREATE TABLE t AS SELECT 1 AS a; INSERT INTO t VALUES (2);
      SELECT a, a, 170141183460469231731687303715884105727::HUGEINT AS big, 1.50::DECIMAL(9,2) AS money, 'nan'::DOUBLE AS odd, DATE '2026-11-22' AS day,
        [1, NULL] AS list, {'k': 'v'} AS struct, NULL AS nothing, 'a"b' || chr(7) AS text, true AS yes, 9007199254740993 AS exact FROM t ORDER BY a`;
    const outcome = await outcomeOf(sql, { folder });
    expect(outcome).toMatchObject({
      state: 'COMPLETED',
      reason: '',
      rows: 2,
      resultFile: join(folder, 'result.jsonl'),
    });
    const [line, ...others] = (await readFile(join(folder, 'result.jsonl'), 'utf8')).split('\n');
    expect(line).toBe(
      '{"a":1,"a:1":1,"big":170141183460469231731687303715884105727,"money":1.50,"odd":"NaN","day":"2026-11-22","list":[1,null],"struct":{"k":"v"},"nothing":null,"text":"a\\"b\\u0007","yes":true,"exact":9007199254740993}',
    );
    expect(others).toHaveLength(2);
    expect(outcome.preview?.columns.slice(0, 4)).toEqual([
      { name: 'a', type: 'INTEGER' },
      { name: 'a', type: 'INTEGER' },
      { name: 'big', type: 'HUGEINT' },
      { name: 'money', type: 'DECIMAL(9,2)' },
    ]);
    expect(outcome.preview?.truncated).toBe(false);
    expect(outcome.preview?.rows[0]).toEqual([
      '1',
      '1',
      '170141183460469231731687303715884105727',
      '1.50',
      'NaN',
      '2026-11-22',
      '[1, NULL]',
      "{'k': 'v'}",
      null,
      'a"b\ufffd',
      'true',
      '9007199254740993',
    ]);
  });

  test('has no result if it returns none, and an empty result if it returns no rows', async () => {
    expect(await outcomeOf('CREATE TABLE t (a INTEGER)')).toEqual({
      state: 'COMPLETED',
      reason: '',
      rows: null,
      resultFile: null,
      preview: null,
    });
    expect(await outcomeOf('SELECT 1 AS a WHERE false')).toMatchObject({
      state: 'COMPLETED',
      rows: 0,
      preview: { columns: [{ name: 'a', type: 'INTEGER' }], rows: [], truncated: false },
    });
  });

  test('with 10 million rows is streamed: the preview says that there is more, and memory does not grow', async () => {
    const folder = await temporaryFolder();
    const session = await beginQuery('SELECT * FROM range(10000000) t(i)', { folder, memory: 64 * MIB });
    let peak = 0;
    const look = setInterval(
      () => void session.usage().then((usage) => (peak = Math.max(peak, usage?.memoryBytes ?? 0))),
      50,
    );
    await session.ended;
    clearInterval(look);
    const outcome = await session.ended;
    expect(outcome).toMatchObject({ state: 'COMPLETED', rows: 10_000_000, preview: { truncated: true } });
    expect(outcome.preview?.rows).toHaveLength(100);
    const text = await readFile(outcome.resultFile ?? '');
    expect(text.subarray(-14).toString()).toBe('{"i":9999999}\n');
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(192 * MIB);
  });

  test('with a large preview has it cut in rows, columns and values', async () => {
    const columns = Array.from({ length: 70 }, (_, index) => `repeat('é', 300) AS c${index}`).join(', ');
    const outcome = await outcomeOf(`SELECT ${columns} FROM range(50)`);
    expect(outcome.preview?.columns).toHaveLength(64);
    expect(outcome.preview?.rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(outcome.preview?.rows).length).toBeLessThan(70_000);
    expect(outcome.preview).toMatchObject({ truncated: true });
  });
});

describe('a query fails with the reason', () => {
  test.each<[string, string, QueryOptions, string | RegExp]>([
    ['what is no SQL', 'SELEC 1', {}, /^Parser Error: syntax error at or near "SELEC"/],
    [
      'a table that is not there',
      'SELECT * FROM nothing',
      {},
      /^Catalog Error: Table with name nothing does not exist!/,
    ],
    ['a later statement that is no SQL: none is run', 'SELECT 1; SELEC 2', {}, /^Parser Error/],
    ['no statement', ' -- nothing', {}, 'the query holds no statement'],
    [
      'a value in the midst of a result',
      "SELECT CASE WHEN i = 5000 THEN error('too far') ELSE i END FROM range(10000) t(i)",
      {},
      /too far/,
    ],
    ['a parameter', 'SELECT ?', {}, /parameter/],
    [
      'more memory than asked for, as DuckDB counts',
      "SELECT string_agg(repeat('x', 1000), ',') FROM range(1000000)",
      { memory: 64 * MIB },
      /^Out of Memory Error: [^\n]*64\.0 MiB used\)$/,
    ],
    [
      'more memory than asked for, which DuckDB does not count',
      "SELECT length(repeat('x', 1500000000))",
      { memory: 64 * MIB },
      /^it took more memory than the 64 MiB that it asked for \(and 256 MiB for its process\), and was stopped$/,
    ],
    [
      'files of its own that are larger than the disk asked for',
      "COPY (SELECT uuid() AS id FROM range(50000000)) TO 'spill/x.csv'",
      { disk: 4 * MIB },
      'its files are larger than the 4 MiB of disk that it asked for, and it was stopped',
    ],
    [
      'a database of its own that is larger than the disk asked for',
      "ATTACH 'spill/x.db' AS other; CREATE TABLE other.t AS SELECT uuid() AS id FROM range(50000000)",
      { disk: 4 * MIB },
      'its files are larger than the 4 MiB of disk that it asked for, and it was stopped',
    ],
    [
      'a result that is larger than the disk asked for',
      'SELECT * FROM range(10000000)',
      { disk: 4 * MIB },
      'its result is larger than the 4 MiB of disk that it asked for',
    ],
    [
      'more disk than asked for, by what does not fit into memory',
      'CREATE TABLE t AS SELECT uuid() AS id FROM range(5000000)',
      { memory: 32 * MIB, disk: 16 * MIB },
      'what does not fit into its memory is larger than the 16 MiB of disk that it asked for',
    ],
  ])('%s', async (_name, sql, options, reason) => {
    const folder = await temporaryFolder();
    expect(await outcomeOf(sql, { ...options, folder })).toEqual(failed(reason));
    expect(await readdir(folder)).toEqual(['spill']);
  });

  test('if spilled data and result together exceed its disk, though neither does alone', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'spill'));
    await writeFile(join(folder, 'spill', 'sorted.tmp'), Buffer.alloc(2 * MIB));
    const writer = await ResultWriter.open(folder, 3 * MIB);
    const write = async () => {
      for (let row = 0; row < 40; row++) await writer.add(`${'x'.repeat(65_535)}\n`);
    };
    await expect(write()).rejects.toThrow(
      'its result and what it spilled are larger than the 3 MiB of disk that it asked for',
    );
    await writer.discard();
    expect(await readdir(folder)).toEqual(['spill']);
  });

  test('if its process was killed', async () => {
    const session = await beginQuery(BUSY);
    await works(session);
    const [pid = 0] = await sessionsOf(process.pid);
    process.kill(pid, 'SIGKILL');
    expect(await session.ended).toEqual(failed(/^its process was killed \(SIGKILL\)/));
  });

  test('if its process cannot be started', async () => {
    const engine = new DuckDbEngine(
      { allowExternal: false },
      new LogRecorder(),
      join(await temporaryFolder(), 'missing.js'),
    );
    const session = engine.begin(
      { id: 's1', principal: 'ada', sql: 'SELECT 1', resources: { cpu: 1, memory: MIB, disk: MIB, gpu: 0 } },
      await temporaryFolder(),
    );
    expect(await session.ended).toEqual(failed('its process ended unexpectedly (exit code 1)'));
  });
});
