import tab from '@bomb.sh/tab/commander';
import { listDrains, listNodes, listSessions } from '../../client/sdk.gen.js';
import type { CallOf } from '../grammar/add-command.js';
import type { completeCommand } from '../grammar/completion-commands.js';
import type { Connection } from '../connection/connection.js';
import { SHELLS } from '../process/shells.js';

/** Timeout of completion, since a person waits for Tab; without an answer no ids are offered. In milliseconds. */
const PATIENCE_MS = 1_000;
const MOST_IDS = 500;

/** `rollcall complete -- …`: the possible continuations of the words typed so far. */
export async function run(call: CallOf<typeof completeCommand>): Promise<void> {
  const [words] = call.arguments;
  const completion = tab(call.grammar(), { completionCommandName: 'completion' });
  const ids = await knownIds(call);
  for (const [name, command] of completion.commands) {
    const id = command.arguments.get('id');
    if (id) id.handler = (complete) => ids.forEach((known) => complete(known, ''));
    const shell = name === 'completion' ? command.arguments.get('shell') : undefined;
    if (shell) shell.handler = (complete) => SHELLS.forEach((known) => complete(known, ''));
  }
  completion.parse(words);
}

interface Asking {
  client: Connection['client'];
  signal: AbortSignal;
}

/** What the command's ids identify, by its noun. */
const IDS: Readonly<Record<string, (asking: Asking) => Promise<{ data?: { items: { id: string }[] } | undefined }>>> = {
  node: (asking) => listNodes({ ...asking, query: { limit: MOST_IDS } }),
  session: (asking) => listSessions({ ...asking, query: { limit: MOST_IDS, live: 'true' } }),
  drain: (asking) => listDrains({ ...asking, query: { limit: MOST_IDS } }),
};

/** The shell expands its input, so nothing but ids may reach it. */
const ID = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** Ids, if one can be typed here. Completion is silent about failures. */
async function knownIds(call: CallOf<typeof completeCommand>): Promise<string[]> {
  const [words] = call.arguments;
  const ask = IDS[words[0] ?? ''];
  if (!ask || words.length < 3) return [];
  try {
    const { client } = await call.connect();
    const { data } = await ask({ client, signal: AbortSignal.timeout(PATIENCE_MS) });
    return data?.items.map(({ id }) => id).filter((id) => ID.test(id)) ?? [];
  } catch {
    return [];
  }
}
