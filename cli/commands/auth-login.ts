import { resolve } from 'node:path';
import { getLogin } from '../../client/sdk.gen.js';
import { caFileOf, DEFAULT_SERVER, parseServer, checkedToken } from '../connection/access.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { Connection } from '../connection/connection.js';
import { contextPath, readContext, writeContext } from '../connection/context-file.js';
import { plainText } from '../../contract/plain-text.js';
import type { Terminal } from '../process/terminal.js';
import type { CallOf } from '../grammar/add-command.js';
import type { authLoginCommand } from '../grammar/other-commands.js';

/** `rollcall auth login`: checks a token against its server and keeps both for later commands. */
export async function run(call: CallOf<typeof authLoginCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  if (!options.tokenStdin) {
    // Arguments are visible to every user of the machine, and shells keep them: a token never is one.
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      'the token is read from standard input',
      'Try: rollcall auth login --token-stdin < FILE',
    );
  }
  const path = contextPath(options.home, terminal);
  const earlier = await readContext(path, terminal).catch(() => undefined);
  const server = parseServer(options.server ?? terminal.env['ROLLCALL_SERVER'] ?? earlier?.server ?? DEFAULT_SERVER);
  warnOfPlainHttp(server, terminal);
  const token = checkedToken(await readAll(terminal));

  const named = caFileOf(options, terminal.env) ?? (earlier?.server === server ? earlier.caFile : undefined);
  // Later commands may be given in another folder.
  const caFile = named === undefined ? undefined : resolve(named);
  const connection = await Connection.open({ server, token, caFile }, terminal, interruption);
  const { name, role } = await connection.ask(getLogin({ client: connection.client }));
  await writeContext(path, { server, token, caFile });
  terminal.stderr.write(`Logged in to ${server} as ${plainText(name)} (${role}); kept in ${path}.\n`);
}

async function readAll(terminal: Terminal): Promise<string> {
  if (terminal.stdin.isTTY) terminal.stderr.write('Paste the token and press Ctrl-D:\n');
  let text = '';
  for await (const chunk of terminal.stdin) text += String(chunk);
  return text;
}

function warnOfPlainHttp(server: string, terminal: Terminal): void {
  const { protocol, hostname } = new URL(server);
  const local = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol === 'http:' && !local)
    terminal.stderr.write(`warning: ${server} is not encrypted: whoever is on the way can read the token\n`);
}
