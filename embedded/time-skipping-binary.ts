import { chmod, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { runCommand } from './run-command.js';
import type { ServerBinary } from './server-binary.js';
import { watchedDownload } from './watched-download.js';

const JAVA_VERSION = '1.38.0';
const JAVA_FOLDER = `temporal-test-server-${JAVA_VERSION}`;
const BINARY = 'temporal-test-server';
const MAVEN_TIMEOUT_MS = 10 * 60_000;

const DOWNLOAD = `
import { TestWorkflowEnvironment } from '@temporalio/testing';
const executable = { type: 'cached-download', downloadDir: process.argv[1] };
const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
await environment.teardown();
`;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>rollcall</groupId><artifactId>time-skipping</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${JAVA_VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** A short life and few processors: what optimising compilers and parallel collectors cost at the start they never earn back. */
const SCRIPT = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/jars/*" io.temporal.testserver.TestServer "$@"
`;

/** Temporal's test server, whose clock can be driven: for tests only. */
export const TIME_SKIPPING: ServerBinary = {
  name: 'the time-skipping Temporal test server',
  variable: 'ROLLCALL_TIME_SKIPPING_BIN',
  command: BINARY,
  // It has no --version; a start is the only question that it answers, and every test asks it.
  whyNot: async () => undefined,
  sources: [
    {
      name: 'the official download of the Temporal test server',
      into: `temporal-test-server-native/${BINARY}`,
      async fetch(folder, tell, signal) {
        await watchedDownload(DOWNLOAD, folder, tell, signal);
        const [file] = await readdir(folder);
        if (file === undefined) throw new Error('the download left no file');
        await rename(join(folder, file), join(folder, BINARY));
      },
    },
    {
      name: `the Temporal test server ${JAVA_VERSION} for Java from Maven`,
      into: `${JAVA_FOLDER}/${BINARY}`,
      async fetch(folder, _tell, signal) {
        await runCommand('java', ['-version'], { timeoutMs: 20_000, signal });
        await writeFile(join(folder, 'pom.xml'), POM);
        await runCommand('mvn', ['--batch-mode', '--quiet', 'dependency:copy-dependencies', '-DoutputDirectory=jars', '-DincludeScope=runtime'], {
          cwd: folder,
          timeoutMs: MAVEN_TIMEOUT_MS,
          signal,
        });
        await writeScript(folder);
      },
    },
  ],
  byHand: 'Install Java and Maven, or name a binary of https://github.com/temporalio/sdk-java/releases (temporal-test-server) in ROLLCALL_TIME_SKIPPING_BIN.',
};

/** Makes jars in the cache, whoever put them there, the command that {@link TIME_SKIPPING} looks for. */
export async function adoptTimeSkippingJars(cache = cacheFolder()): Promise<void> {
  const folder = join(cache, JAVA_FOLDER);
  const hasJars = await stat(join(folder, 'jars')).then(() => true, () => false);
  const script = await readFile(join(folder, BINARY), 'utf8').catch(() => undefined);
  if (hasJars && script !== SCRIPT) await writeScript(folder);
}

async function writeScript(folder: string): Promise<void> {
  const part = join(folder, `${BINARY}.${process.pid}`);
  await writeFile(part, SCRIPT);
  await chmod(part, 0o755);
  await rename(part, join(folder, BINARY));
}
