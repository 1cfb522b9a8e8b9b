import { chown, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.js';
import type { ProcessSpec } from '../managed-process.js';
import { runCommand } from '../run-command.js';
import { StartupError } from '../startup-error.js';
import type { Container } from './container.js';

const INITDB_TIMEOUT_MS = 120_000;
const STOP_WITHIN_MS = 20_000;
/** PostgreSQL refuses to run as root. These capabilities let its user into the home's folders, which are closed to everybody else. */
const TRAVERSE = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];

/** Debian's PostgreSQL, with its data in a folder of the home. */
export async function postgresSpec(
  home: Home,
  bin: string,
  container: Container,
  address: string,
): Promise<ProcessSpec> {
  const data = join(home.path, 'postgres');
  const as = process.getuid?.() === 0 ? await unprivileged() : undefined;
  const run = (program: string, args: string[]) => {
    const words = [join(bin, program), ...args];
    return as === undefined
      ? words
      : ['setpriv', `--reuid=${as.uid}`, `--regid=${as.gid}`, '--clear-groups', ...TRAVERSE, ...words];
  };
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (as !== undefined) await chown(data, as.uid, as.gid);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const options = [
      '--auth=scram-sha-256',
      `--pwfile=${join(home.secrets, 'postgres-password')}`,
      '--encoding=UTF8',
      '--locale=C',
    ];
    const user = container.environment['POSTGRES_USER'] ?? '';
    const [command = '', ...args] = run('initdb', [`--pgdata=${data}`, `--username=${user}`, ...options]);
    await runCommand(command, args, { cwd: '/', timeoutMs: INITDB_TIMEOUT_MS }).catch((error: Error) => {
      throw new StartupError(`PostgreSQL's data folder ${data} could not be made: ${error.message}.`);
    });
  }
  const [, ...settings] = container.command;
  const [command = '', ...args] = run('postgres', [
    ...['-D', data, '-c', `listen_addresses=${address}`, '-c', 'unix_socket_directories='],
    ...settings,
  ]);
  return { name: container.name, command, args, cwd: '/', env: container.environment, stopWithinMs: STOP_WITHIN_MS };
}

/** PostgreSQL's system user, if Debian's package made one. */
async function unprivileged(): Promise<{ uid: number; gid: number }> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new StartupError('PostgreSQL refuses to run as root, and there is no user postgres or nobody here.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}
