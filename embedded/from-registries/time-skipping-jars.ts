import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../install-in-cache.js';
import { runCommand } from '../run-command.js';
import type { BinarySource } from '../server-binary.js';
import { recordTimeSkippingClasses } from './record-time-skipping-classes.js';

const JAVA_VERSION = '1.38.0';
const JAVA_FOLDER = `temporal-test-server-${JAVA_VERSION}`;
const BINARY = 'temporal-test-server';
const MAVEN_TIMEOUT_MS = 10 * 60_000;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>rollcall</groupId><artifactId>time-skipping</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${JAVA_VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** For a short life on few processors: optimizing compilers and parallel collectors would cost more at the start than they save. */
const JAVA_FLAGS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const JAVA_MAIN = 'io.temporal.testserver.TestServer';
/** Archive of loaded classes, made by {@link archiveTimeSkippingClasses}; without it a start takes three times as long. */
const ARCHIVE = 'classes.jsa';

/** Java ignores an archive that is missing or was made by another Java. */
const SCRIPT = `#!/bin/sh
folder=$(dirname "$0")
exec java ${JAVA_FLAGS.join(' ')} -Xshare:auto -XX:SharedArchiveFile="$folder/${ARCHIVE}" -cp "$folder/jars/*" ${JAVA_MAIN} "$@"
`;

/** The time-skipping test server for Java, from Maven. */
export const TIME_SKIPPING_FROM_MAVEN: BinarySource = {
  name: `the Temporal test server ${JAVA_VERSION} for Java from Maven`,
  into: `${JAVA_FOLDER}/${BINARY}`,
  async fetch(folder, _tell, signal) {
    await runCommand('java', ['-version'], { timeoutMs: 20_000, signal });
    await writeFile(join(folder, 'pom.xml'), POM);
    await runCommand(
      'mvn',
      ['--batch-mode', '--quiet', 'dependency:copy-dependencies', '-DoutputDirectory=jars', '-DincludeScope=runtime'],
      {
        cwd: folder,
        timeoutMs: MAVEN_TIMEOUT_MS,
        signal,
      },
    );
    await writeScript(folder);
  },
};

/** Makes the cached jars, wherever they came from, the command that {@link TIME_SKIPPING_FROM_MAVEN} looks for. */
export async function adoptTimeSkippingJars(cache = cacheFolder()): Promise<void> {
  const folder = join(cache, JAVA_FOLDER);
  const script = await readFile(join(folder, BINARY), 'utf8').catch(() => undefined);
  if (script !== SCRIPT && (await isThere(join(folder, 'jars')))) await writeScript(folder);
}

/**
 * Archives the classes of the cached jars unless this Java's archive exists: starts the server once, sends it a few requests, and ends it.
 * Does nothing without jars; after a failure, starts are as slow as before.
 */
export async function archiveTimeSkippingClasses(cache = cacheFolder()): Promise<void> {
  const folder = join(cache, JAVA_FOLDER);
  const [archive, maker] = [join(folder, ARCHIVE), join(folder, `${ARCHIVE}.java`)];
  if (!(await isThere(join(folder, 'jars')))) return;
  const java = await runCommand('java', ['-version'], { timeoutMs: 20_000 }).catch(() => undefined);
  if (!java || ((await isThere(archive)) && (await readFile(maker, 'utf8').catch(() => '')) === java.stderr)) return;
  const draft = `${archive}.${process.pid}`;
  try {
    await recordTimeSkippingClasses([
      ...JAVA_FLAGS,
      `-XX:ArchiveClassesAtExit=${draft}`,
      '-cp',
      join(folder, 'jars', '*'),
      JAVA_MAIN,
    ]);
    await rename(draft, archive);
    await writeFile(maker, java.stderr);
  } finally {
    await rm(draft, { force: true });
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function writeScript(folder: string): Promise<void> {
  const part = join(folder, `${BINARY}.${process.pid}`);
  await writeFile(part, SCRIPT);
  await chmod(part, 0o755);
  await rename(part, join(folder, BINARY));
}
