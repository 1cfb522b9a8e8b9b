import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { sessionsOf, isRunning } from '../../support/agent/sessions-of.js';
import { beginQuery, BUSY, failed, outcomeOf, works } from '../../support/agent/duckdb-queries.js';

describe('a query that never ends', () => {
  test('is interrupted, and ends before it would have to be killed', async () => {
    const session = await beginQuery(BUSY);
    await works(session);
    const asked = performance.now();
    session.terminate('ada has seen enough');
    expect(await session.ended).toEqual({
      state: 'TERMINATED',
      reason: 'ada has seen enough',
      rows: null,
      resultFile: null,
      preview: null,
    });
    process.stderr.write(`an endless query ended ${Math.round(performance.now() - asked)} ms after it was asked to\n`);
    expect(await sessionsOf(process.pid)).toEqual([]);
  });

  test('is killed if its process does not react', async () => {
    const session = await beginQuery(BUSY);
    await works(session);
    const [pid = 0] = await sessionsOf(process.pid);
    process.kill(pid, 'SIGSTOP');
    session.terminate('stopped');
    expect(await session.ended).toMatchObject({ state: 'TERMINATED', reason: 'stopped' });
    expect(isRunning(pid)).toBe(false);
  });

  test('can be terminated before it has begun, and while it writes its result', async () => {
    const early = await beginQuery(BUSY);
    early.terminate('at once');
    expect(await early.ended).toMatchObject({ state: 'TERMINATED', reason: 'at once' });
    const folder = await temporaryFolder();
    const writing = await beginQuery('SELECT * FROM range(1000000000)', { folder, disk: 1_024 ** 4 });
    await eventually(() => access(join(folder, 'result.part')));
    writing.terminate('in the midst');
    expect(await writing.ended).toMatchObject({ state: 'TERMINATED', reason: 'in the midst', resultFile: null });
    expect(await readdir(folder)).toEqual(['spill']);
  });
});

describe("SQL and the agent's machine", () => {
  test('cannot reach files or the network, and no setting changes that', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'secret.csv'), 'a\nsecret\n');
    const refused: [string, RegExp][] = [
      [`SELECT * FROM read_csv('${folder}/secret.csv')`, /Permission Error/],
      [`SELECT * FROM '${folder}/secret.csv'`, /Catalog Error|Permission Error/],
      [`SELECT * FROM read_text('/proc/self/environ')`, /Permission Error/],
      [`SELECT * FROM glob('/etc/*')`, /Permission Error/],
      [`COPY (SELECT 1) TO '${folder}/out.csv'`, /Permission Error/],
      [`ATTACH '${folder}/out.db'`, /Permission Error/],
      [`EXPORT DATABASE '${folder}/out'`, /Permission Error/],
      [
        `SELECT * FROM read_parquet('http://127.0.0.1:1/x.parquet')`,
        /Permission Error|Catalog Error|Missing Extension/,
      ],
      ['INSTALL httpfs', /Permission Error/],
      ['LOAD httpfs', /Permission Error/],
      [`LOAD '${folder}/x.duckdb_extension'`, /Permission Error/],
      ['SET enable_external_access = true', /locked/],
      ["SET memory_limit = '1TB'", /locked/],
      ['RESET lock_configuration', /locked|cannot/i],
      [`SET temp_directory = '${folder}'`, /locked/],
      ["SET max_temp_directory_size = '1TB'", /locked/],
    ];
    const outcomes = await Promise.all(refused.map(async ([sql]) => (await beginQuery(sql)).ended));
    expect(outcomes).toEqual(refused.map(([, reason]) => failed(reason)));
    expect(await readdir(folder)).toEqual(['secret.csv']);
  });

  test("can reach files if the node allows it, but not the agent's environment", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'open.csv'), 'a\n1\n2\n');
    process.env['COMPUTE__AUTH__TOKEN'] = 'rcj_not_for_queries';
    try {
      const sql = `COPY (SELECT sum(a) AS total FROM '${folder}/open.csv') TO '${folder}/total.csv'; SELECT * FROM read_csv('${folder}/total.csv'), (SELECT content FROM read_text('/proc/self/environ'))`;
      const outcome = await outcomeOf(sql, { allowExternal: true });
      expect(outcome).toMatchObject({
        state: 'COMPLETED',
        rows: 1,
        preview: { columns: [{ name: 'total' }, { name: 'content' }] },
      });
      expect(JSON.stringify(outcome.preview)).not.toContain('rcj_not_for_queries');
    } finally {
      delete process.env['COMPUTE__AUTH__TOKEN'];
    }
    await mkdir(join(folder, 'sub'));
    expect(await outcomeOf(`SELECT count(*) AS n FROM glob('${folder}/*.csv')`, { allowExternal: true })).toMatchObject(
      { preview: { rows: [['2']] } },
    );
  });
});
