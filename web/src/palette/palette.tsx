import { Modal, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useId, useState, type KeyboardEvent } from 'react';
import { sentenceOf } from '../api/api-failure.js';
import { Icon } from '../parts/icon.js';
import classes from './palette.module.css';
import type { PaletteResult } from './palette-result.js';
import { useFoundResults } from './use-found-results.js';
import { useOwnResults } from './use-own-results.js';

/** Debounce of the input, in milliseconds, before the api is asked. */
const TYPING_PAUSE_MS = 200;

/** Finds pages, commands, and what is in the cluster, and opens it. */
export default function Palette({ onClosed }: { onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const [text, setText] = useState('');
  const typed = text.trim();
  const [asked] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  const own = useOwnResults(typed);
  const { results: found, failure, isPending } = useFoundResults(asked);
  const results = typed === '' ? own : [...found, ...own];
  // The choice among other results is dropped.
  const [chosen, setChosen] = useState<string | null>(null);
  const at = Math.max(
    0,
    results.findIndex(({ id }) => id === chosen),
  );
  const listId = useId();
  const choose = (result: PaletteResult | undefined) => {
    if (result === undefined || result.whyNot !== undefined) return;
    // The palette closes first, since the chosen command may open a dialog.
    onClosed();
    result.choose();
  };
  const move = (step: number) => {
    const next = results[(at + step + results.length) % Math.max(1, results.length)];
    if (next === undefined) return;
    setChosen(next.id);
    document.getElementById(optionId(listId, next))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter') choose(results[at]);
    else return;
    event.preventDefault();
  };
  const isSearching = isPending || asked !== typed;
  const active = results[at];
  return (
    <Modal.Root
      opened={opened}
      onClose={() => setOpened(false)}
      onExitTransitionEnd={onClosed}
      size="lg"
      yOffset="12vh"
      transitionProps={{ duration: 80 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Search everything">
        <Modal.Body p="xs">
          <TextInput
            size="md"
            role="combobox"
            aria-label="Search everything"
            aria-expanded
            aria-controls={listId}
            aria-autocomplete="list"
            {...(active && { 'aria-activedescendant': optionId(listId, active) })}
            placeholder="Nodes, sessions, drains, tokens, pages, commands"
            leftSection={<Icon name="search" />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            autoComplete="off"
            spellCheck={false}
            maxLength={63}
            data-autofocus
          />
          <div id={listId} className={classes['results']} role="listbox" aria-label="Results">
            {groupsOf(results).map(([group, ofGroup]) => (
              <div key={group} role="group" aria-label={group}>
                <div className={classes['group']} aria-hidden>
                  {group}
                </div>
                {ofGroup.map((result) => (
                  // The keyboard focus is in the field above, which refers to the active option.
                  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
                  <div
                    key={result.id}
                    id={optionId(listId, result)}
                    role="option"
                    aria-selected={result === active}
                    aria-disabled={result.whyNot !== undefined}
                    className={classes['result']}
                    data-result={result.id}
                    onMouseMove={() => setChosen(result.id)}
                    onClick={() => choose(result)}
                  >
                    <Icon name={result.icon} />
                    <span>
                      {result.label}
                      {(result.whyNot ?? result.about) !== undefined && <small>{result.whyNot ?? result.about}</small>}
                    </span>
                  </div>
                ))}
              </div>
            ))}
          </div>
          <Text size="sm" c="dimmed" px={10} role="status">
            {failure
              ? `Not everything could be searched: ${sentenceOf(failure)}`
              : isSearching
                ? 'Searching …'
                : results.length === 0
                  ? `No results for “${typed}”.`
                  : ''}
          </Text>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function optionId(listId: string, { id }: PaletteResult): string {
  return `${listId}-${id.replaceAll(/[^\w-]/g, '_')}`;
}

function groupsOf(results: readonly PaletteResult[]): [string, PaletteResult[]][] {
  const groups = new Map<string, PaletteResult[]>();
  for (const result of results) groups.set(result.group, [...(groups.get(result.group) ?? []), result]);
  return [...groups];
}
