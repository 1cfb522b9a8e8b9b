import tab from '@bomb.sh/tab/commander';
import { listNodes } from '../../client/sdk.gen.js';
import { NODE_NAME_PATTERN } from '../../contract/node-name.js';
import type { Call } from '../call.js';
import { SHELLS } from '../grammar/shells.js';

/** A person waits for Tab: where no answer has come by then, there are no node ids. In milliseconds. */
const PATIENCE_MS = 1_000;
const MOST_IDS = 500;

/** `rollcall complete -- …`: what can follow the words typed so far. */
export async function run(call: Call<object>): Promise<void> {
  const completion = tab(call.grammar(), { completionCommandName: 'completion' });
  const ids = await knownIds(call);
  for (const [name, command] of completion.commands) {
    const id = command.arguments.get('id');
    if (id) id.handler = (complete) => ids.forEach((known) => complete(known, ''));
    const shell = name === 'completion' ? command.arguments.get('shell') : undefined;
    if (shell) shell.handler = (complete) => SHELLS.forEach((known) => complete(known, ''));
  }
  completion.parse([...call.arguments]);
}

/** Ids of nodes, where an id can be what is being typed. Whatever goes wrong, completion stays silent. */
async function knownIds(call: Call<object>): Promise<string[]> {
  if (call.arguments[0] !== 'node' || call.arguments.length < 3) return [];
  try {
    const { client } = await call.connect();
    const { data } = await listNodes({ client, query: { limit: MOST_IDS }, signal: AbortSignal.timeout(PATIENCE_MS) });
    // The shell expands what it is given, so nothing but an id may reach it.
    return data?.items.map((node) => node.id).filter((id) => NODE_NAME_PATTERN.test(id)) ?? [];
  } catch {
    return [];
  }
}
