import { Button, Group, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Node, NodeSession } from '../../../client/index.js';
import { parseDuration } from '../../../contract/duration.js';
import { isHeard } from '../../../contract/health.js';
import { whyNotOn } from '../actions/offered-action.js';
import { serverNow } from '../api/reachability.js';
import { ActionButton } from '../parts/action-button.js';
import { EmptyState } from '../parts/empty-state.js';
import { plural } from '../parts/size-text.js';
import { TerminateSessionsDialog } from '../sessions/terminate-sessions-dialog.js';
import type { TerminableSession } from '../sessions/use-terminate-sessions.js';
import { useLogin } from '../sign-in/login-context.js';
import { NodeSessionTable, type SessionSort } from './node-session-table.js';

const NOBODY: ReadonlySet<string> = new Set();

/** A node's live sessions: find, select and terminate them. */
export function SessionsPanel({ node, sessions }: { node: Node; sessions: readonly NodeSession[] }) {
  const login = useLogin();
  const [wanted, setWanted] = useState('');
  const [order, setOrder] = useState<SessionSort>('longest');
  const [chosen, setChosen] = useState(NOBODY);
  const [ending, setEnding] = useState<readonly NodeSession[] | null>(null);
  const shown = useMemo(
    () =>
      inOrder(
        sessions.filter((session) => matches(session, wanted)),
        order,
      ),
    [sessions, wanted, order],
  );
  // Only visible sessions are terminated: those hidden by the filter are selected again when it shows them again.
  const selected = shown.filter(({ id, state }) => chosen.has(id) && state !== 'TERMINATING');

  const toggle = (id: string) =>
    setChosen((before) => (before.has(id) ? without(before, id) : new Set([...before, id])));
  const whyNot = whyNotOn([node], login) ?? (selected.length === 0 ? 'Select the sessions to terminate.' : undefined);
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-end">
        <TextInput
          size="xs"
          w={{ base: '100%', xs: 240 }}
          label="Find"
          placeholder="principal, statement or ID"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          type="search"
        />
        <SelectStale onSelect={(olderThanMs) => setChosen(new Set(staleOf(shown, olderThanMs).map(({ id }) => id)))} />
        <ActionButton size="xs" color="red" whyNot={whyNot} onClick={() => setEnding(selected)}>
          {selected.length === 0 ? 'Terminate' : `Terminate ${plural(selected.length, 'session')}`}
        </ActionButton>
        {selected.length > 0 && (
          <Button size="xs" variant="subtle" onClick={() => setChosen(NOBODY)}>
            Clear selection
          </Button>
        )}
      </Group>
      {shown.length === 0 ? (
        <EmptyState icon="search" title="No session matches">
          {`None of the ${plural(sessions.length, 'session')} has “${wanted}” in its principal, statement or ID.`}
        </EmptyState>
      ) : (
        <NodeSessionTable
          sessions={shown}
          isKnown={isHeard(node)}
          selected={chosen}
          onToggle={toggle}
          onToggleAll={(all) => setChosen(all ? new Set(shown.map(({ id }) => id)) : NOBODY)}
          order={order}
          onOrder={setOrder}
          whyNot={whyNotOn([node], login)}
          onTerminate={(session) => setEnding([session])}
        />
      )}
      {ending && (
        <TerminateSessionsDialog
          sessions={ending.map((session) => terminable(session, node))}
          onClosed={() => setEnding(null)}
          onDone={() => setChosen(NOBODY)}
        />
      )}
    </>
  );
}

function SelectStale({ onSelect }: { onSelect: (olderThanMs: number) => void }) {
  const [text, setText] = useState('30m');
  const olderThanMs = parseDuration(text);
  const fault = olderThanMs === undefined ? 'Write it as 30s, 15m or 1h30m.' : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (olderThanMs !== undefined) onSelect(olderThanMs);
      }}
    >
      <Group gap={4} align="flex-end" wrap="nowrap">
        <TextInput
          size="xs"
          w={150}
          label="Older than"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={fault}
          spellCheck={false}
          autoComplete="off"
        />
        <ActionButton type="submit" size="xs" variant="default" whyNot={fault} onClick={() => undefined}>
          Select
        </ActionButton>
      </Group>
    </form>
  );
}

function terminable({ id, principal, statement }: NodeSession, node: Node): TerminableSession {
  return { id, principal, statement, node: node.id };
}

function staleOf(sessions: readonly NodeSession[], olderThanMs: number): readonly NodeSession[] {
  const now = serverNow();
  return sessions.filter(
    ({ startedAt, state }) => state !== 'TERMINATING' && now - Date.parse(startedAt) >= olderThanMs,
  );
}

function matches({ id, principal, statement }: NodeSession, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === '' || [id, principal, statement].some((part) => part.toLowerCase().includes(text));
}

function inOrder(sessions: readonly NodeSession[], order: SessionSort): NodeSession[] {
  const byStart = (a: NodeSession, b: NodeSession) =>
    a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id);
  if (order === 'principal')
    return sessions.toSorted((a, b) => a.principal.localeCompare(b.principal) || byStart(a, b));
  return sessions.toSorted(order === 'longest' ? byStart : (a, b) => byStart(b, a));
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== id));
}
