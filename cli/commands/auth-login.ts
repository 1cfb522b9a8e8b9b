import { resolve } from 'node:path';
import { getLogin } from '../../client/sdk.gen.js';
import { caFileOf, checkedToken, DEFAULT_SERVER, parseServer, type Access } from '../connection/access.js';
import type { Call } from '../connection/call.js';
import { inputText } from '../process/input-text.js';
import { Connection } from '../connection/connection.js';
import {
  chosenContext,
  contextPath,
  DEFAULT_CONTEXT,
  namedContext,
  readContexts,
  writeContexts,
  type Contexts,
} from '../connection/context-file.js';
import { contextNameText, MOST_NAME_LENGTH } from '../arguments/parsers.js';
import { powersText } from '../../contract/grants.js';
import { plainText } from '../../contract/plain-text.js';
import type { Terminal } from '../process/terminal.js';
import type { CallOf } from '../grammar/add-command.js';
import type { authLoginCommand } from '../grammar/login-commands.js';
import { signInByDevice, type SignedIn } from '../waiting/device-sign-in.js';

/** `rollcall auth login`: signs a person in at the identity provider, or checks a token, and saves the credential for later commands. */
export async function run(call: CallOf<typeof authLoginCommand>): Promise<void> {
  const { options, terminal } = call;
  const path = contextPath(options, terminal);
  const contexts = await readContexts(path, terminal).catch(() => undefined);
  const named = namedContext(options, terminal);
  const earlier = chosenContext(contexts, named)?.context;
  const server = parseServer(options.server ?? terminal.env['ROLLCALL_SERVER'] ?? earlier?.server ?? DEFAULT_SERVER);
  const name = contextName(contexts, named, server);
  warnOfPlainHttp(server, terminal);
  const namedCaFile = caFileOf(options, terminal.env) ?? (earlier?.server === server ? earlier.caFile : undefined);
  // Later commands may run in another folder.
  const caFile = namedCaFile === undefined ? undefined : resolve(namedCaFile);

  const { token, login } = await (options.tokenStdin ? signInByToken : signInAtProvider)({ server, caFile }, call);
  const byName = new Map(contexts?.byName).set(name, { server, token, ...(caFile === undefined ? {} : { caFile }) });
  await writeContexts(path, { current: name, byName });
  terminal.stderr.write(
    `Logged in to ${server} as ${plainText(login.name)} (${plainText(powersText(login))}); kept as context ${name} in ${path}.\n`,
  );
}

type Where = Pick<Access, 'server' | 'caFile'>;

/** Arguments are visible to all users of the machine and kept in shell histories, so a token is never one. */
async function signInByToken(where: Where, { terminal, interruption }: Call<unknown>): Promise<SignedIn> {
  if (terminal.stdin.isTTY) terminal.stderr.write('Paste the token and press Ctrl-D:\n');
  const token = checkedToken(await inputText(terminal.stdin, interruption));
  const connection = await Connection.open({ ...where, token, source: 'stdin' }, terminal, interruption);
  return { token, login: await connection.ask(getLogin({ client: connection.client })) };
}

async function signInAtProvider(where: Where, call: Call<unknown>): Promise<SignedIn> {
  const access = { ...where, token: '', source: 'the identity provider' };
  const connection = await Connection.open(access, call.terminal, call.interruption);
  const { token, login } = await signInByDevice(connection, call);
  return { token: checkedToken(token), login };
}

/** The named context, or the existing one of this server; the first is called default, others are named after their servers. */
function contextName(contexts: Contexts | undefined, named: string | undefined, server: string): string {
  if (named !== undefined) return contextNameText(named);
  if (contexts === undefined) return DEFAULT_CONTEXT;
  const ofServer = [...contexts.byName].filter(([, context]) => context.server === server).map(([name]) => name);
  return ofServer.find((name) => name === contexts.current) ?? ofServer[0] ?? nameOf(server);
}

function nameOf(server: string): string {
  return new URL(server).host
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MOST_NAME_LENGTH);
}

function warnOfPlainHttp(server: string, terminal: Terminal): void {
  const { protocol, hostname } = new URL(server);
  const local = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol === 'http:' && !local)
    terminal.stderr.write(`warning: ${server} is not encrypted: whoever is on the way can read the token\n`);
}
