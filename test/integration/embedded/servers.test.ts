import { mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { cacheFolder } from '../../../embedded/install-in-cache.js';
import { archiveTimeSkippingClasses } from '../../../embedded/from-registries/time-skipping-jars.js';
import { startMongod } from '../../support/servers/mongod.js';
import { startTemporal } from '../../support/servers/temporal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { startTimeSkipping } from '../../support/servers/time-skipping.js';

test('mongod runs as a replica set: a majority write succeeds', async () => {
  const mongod = await startMongod();
  const connection = await mongoose.createConnection(mongod.uri).asPromise();
  try {
    await connection.collection('things').insertOne({ a: 1 }, { writeConcern: { w: 'majority' } });
    expect(await connection.collection('things').countDocuments()).toBe(1);
  } finally {
    await connection.close();
    await mongod.stop();
  }
});

test("Temporal has Rollcall's search attributes", async () => {
  const server = await startTemporal();
  try {
    const { customAttributes } = await server.env.connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining(['NodePhase', 'NodeLiveness', 'NodeApproval', 'NodeType']),
    );
  } finally {
    await server.stop();
  }
});

test('the time-skipping server skips time', async () => {
  const env = await startTimeSkipping();
  try {
    const before = await env.currentTimeMs();
    await env.sleep('7 days');
    expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(7 * 86_400_000);
  } finally {
    await env.teardown();
  }
});

const JAVA_FOLDER = 'temporal-test-server-1.38.0';
const jars = join(cacheFolder(), JAVA_FOLDER, 'jars');
const hasJars = await stat(jars).then(
  () => true,
  () => false,
);

// A native program if the download works.
(hasJars ? test : test.skip)(
  'the classes of the time-skipping server for Java are archived once for each Java',
  async () => {
    const cache = await temporaryFolder();
    await mkdir(join(cache, JAVA_FOLDER));
    await symlink(jars, join(cache, JAVA_FOLDER, 'jars'));
    await archiveTimeSkippingClasses(cache);
    const archive = await stat(join(cache, JAVA_FOLDER, 'classes.jsa'));
    expect(archive.size).toBeGreaterThan(1_000_000);
    await archiveTimeSkippingClasses(cache);
    expect((await stat(join(cache, JAVA_FOLDER, 'classes.jsa'))).ino).toBe(archive.ino);
  },
);

test('a cache without jars has no classes to archive', async () => {
  await expect(archiveTimeSkippingClasses(await temporaryFolder())).resolves.toBeUndefined();
});
