import type { Call } from '../connection/call.js';
import { chosenContext, contextPath, namedContext, readContexts, writeContexts } from '../connection/context-file.js';

/** `rollcall auth logout`: forgets server and token of a context. The token stays good for whoever else has it. */
export async function run({ options, terminal }: Call<unknown>): Promise<void> {
  const path = contextPath(options, terminal);
  const contexts = await readContexts(path, terminal);
  const chosen = chosenContext(contexts, namedContext(options, terminal));
  if (!contexts || !chosen?.context) {
    const why = contexts ? `it has no context ${chosen?.name ?? 'that is chosen'}` : 'it does not exist';
    terminal.stderr.write(`There was nobody logged in by ${path}: ${why}.\n`);
    return;
  }
  const byName = new Map(contexts.byName);
  byName.delete(chosen.name);
  await writeContexts(path, { current: contexts.current === chosen.name ? null : contexts.current, byName });
  terminal.stderr.write(
    `Removed context ${chosen.name} from ${path}. The token itself works until it expires or an admin revokes it.\n`,
  );
}
