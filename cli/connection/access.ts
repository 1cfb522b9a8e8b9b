import { readFile } from 'node:fs/promises';
import { expandHome } from '../../contract/config/expand-home.js';
import { plainText } from '../../contract/plain-text.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { chosenContext, contextPath, namedContext, readContexts } from './context-file.js';
import type { Terminal } from '../process/terminal.js';

/** Options of every command. */
export interface GlobalOptions {
  server?: string;
  tokenFile?: string;
  caFile?: string;
  home?: string;
  context?: string;
}

/** Address of the api, and the credential for it. */
export interface Access {
  /** Without a trailing slash. */
  server: string;
  token: string;
  /** Origin of the token, for messages. */
  source: string;
  /** The context that the token belongs to, if any; `isNamed` if an option or the environment chose it. */
  context?: { name: string; isNamed: boolean } | undefined;
  /** File of the only certificate authorities to trust; absent for those of the system. */
  caFile?: string | undefined;
}

export const DEFAULT_SERVER = 'http://127.0.0.1:8480';

/**
 * Server and token, each from the first source that has one: its flag, `--context`, its environment variable, the context file, and for the server
 * the default.
 * @throws CliFailure if there is no token, or the context's token would be sent to another server than its own
 */
export async function resolveAccess(options: GlobalOptions, terminal: Terminal): Promise<Access> {
  // With --context, the server and token of the environment are ignored.
  const env = options.context === undefined ? terminal.env : {};
  const namedServer = options.server ?? (env['ROLLCALL_SERVER'] || undefined);
  const ownCaFile = caFileOf(options, env);
  const own = await ownToken(options, env);
  if (namedServer && own) return accessTo(parseServer(namedServer), own, ownCaFile);

  const path = contextPath(options, terminal);
  const contexts = await readContexts(path, terminal);
  const named = namedContext(options, terminal);
  const chosen = chosenContext(contexts, named);
  if (named !== undefined && !chosen?.context) {
    throw new CliFailure(
      EXIT_CODE.notFound,
      'NO_SUCH_CONTEXT',
      `there is no context ${plainText(chosen?.name ?? '')} in ${path}`,
      'See: rollcall context list',
    );
  }
  const context = chosen?.context;
  const server = parseServer(namedServer ?? context?.server ?? DEFAULT_SERVER);
  const isOfContext = context !== undefined && parseServer(context.server) === server;
  const caFile = ownCaFile ?? (isOfContext ? context.caFile : undefined);
  if (own) return accessTo(server, own, caFile);
  if (!context) {
    throw new CliFailure(
      EXIT_CODE.authentication,
      'NOT_LOGGED_IN',
      contexts ? `no context of ${path} is chosen` : `there is no token: ${path} does not exist`,
      contexts
        ? 'Choose one: rollcall context use NAME'
        : 'Start a cluster with npm start, or log in: rollcall auth login --server URL',
    );
  }
  // A token is a secret between the user and one server: a mistyped --server must not get it.
  if (!isOfContext) {
    throw new CliFailure(
      EXIT_CODE.authentication,
      'NOT_LOGGED_IN',
      `the token in ${path} is for ${context.server}, not for ${server}`,
      'Name a token for it: --token-file FILE',
    );
  }
  const source = `context ${chosen.name} in ${path}`;
  return {
    ...accessTo(server, { token: context.token, source }, caFile),
    context: { name: chosen.name, isNamed: named !== undefined },
  };
}

function accessTo(
  server: string,
  { token, source }: Pick<Access, 'token' | 'source'>,
  caFile: string | undefined,
): Access {
  return { server, token: checkedToken(token), source, caFile };
}

async function ownToken(
  { tokenFile }: GlobalOptions,
  env: Terminal['env'],
): Promise<Pick<Access, 'token' | 'source'> | undefined> {
  if (tokenFile !== undefined) return { token: await readTokenFile(tokenFile), source: tokenFile };
  const token = env['ROLLCALL_TOKEN'] || undefined;
  return token === undefined ? undefined : { token, source: 'ROLLCALL_TOKEN' };
}

/** The file named by flag or environment. */
export function caFileOf({ caFile }: GlobalOptions, env: Terminal['env']): string | undefined {
  const named = caFile ?? (env['ROLLCALL_CA_FILE'] || undefined);
  return named === undefined ? undefined : expandHome(named);
}

/** @throws CliFailure (usage) if `text` is not a valid api address */
export function parseServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      `"${text}" is no address of an api`,
      `Write it as ${DEFAULT_SERVER}`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** @throws CliFailure (authentication) if `text` cannot be a token. The text itself is never shown. */
export function checkedToken(text: string): string {
  const token = text.trim();
  if (!/^[\x21\x23-\x26\x28-\x7e]+$/.test(token)) {
    throw new CliFailure(
      EXIT_CODE.authentication,
      'UNAUTHENTICATED',
      token === '' ? 'the token is empty' : 'the token has characters that no token has',
      'Copy it again, without blanks or quotes',
    );
  }
  return token;
}

/** Whether a token came from signing in at the identity provider: it expires within a day, and logging out ends it for good. */
export function endsByLoggingOut(token: string): boolean {
  return token.startsWith('rcl_');
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return await readFile(expandHome(path), 'utf8');
  } catch (error) {
    throw new CliFailure(EXIT_CODE.usage, 'USAGE', `the token file ${path} cannot be read`, 'Check --token-file', {
      cause: error,
    });
  }
}
