import { plainText } from '../../contract/plain-text.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Terminal } from '../process/terminal.js';
import { contextPath, contextPaths, namedContext, readContexts, type Contexts } from './context-file.js';
import type { GlobalOptions } from './access.js';

/** A context, without its token. */
export interface KnownContext {
  name: string;
  /** Whether commands use it by default. */
  current: boolean;
  server: string;
  caFile: string | null;
  file: string;
}

/** A context file. */
interface ContextsOfFile {
  path: string;
  contexts: Contexts;
}

/** The existing context files. */
async function contextFiles(options: GlobalOptions, terminal: Terminal): Promise<ContextsOfFile[]> {
  const files: ContextsOfFile[] = [];
  for (const path of contextPaths(options, terminal)) {
    const contexts = await readContexts(path, terminal);
    if (contexts) files.push({ path, contexts });
  }
  return files;
}

export async function knownContexts(options: GlobalOptions, terminal: Terminal): Promise<KnownContext[]> {
  const inUse = contextPath(options, terminal);
  const named = namedContext(options, terminal);
  return (await contextFiles(options, terminal)).flatMap(({ path, contexts: { byName, current } }) =>
    Array.from(byName, ([name, { server, caFile }]) => ({
      name: plainText(name),
      current: path === inUse && name === (named ?? current),
      server: plainText(server),
      caFile: caFile === undefined ? null : plainText(caFile),
      file: path,
    })).toSorted((a, b) => a.name.localeCompare(b.name)),
  );
}

/**
 * The file that has this context.
 * @throws CliFailure (not found) if none has
 */
export async function fileOfContext(name: string, options: GlobalOptions, terminal: Terminal): Promise<ContextsOfFile> {
  const found = (await contextFiles(options, terminal)).find(({ contexts }) => contexts.byName.has(name));
  if (found) return found;
  throw new CliFailure(
    EXIT_CODE.notFound,
    'NO_SUCH_CONTEXT',
    `there is no context ${name}`,
    'See: rollcall context list',
  );
}
