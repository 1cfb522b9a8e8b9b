import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import type { AdminAction } from '../../../contract/node-actions.js';
import { bulkActions, lookOf, whyNotByState, whyNotOn } from '../actions/offered-action.js';
import { useDialogs } from '../actions/dialog-context.js';
import { sentenceOf } from '../api/api-failure.js';
import { ActionButton } from '../parts/action-button.js';
import { countText, plural } from '../parts/size-text.js';
import { announce } from '../parts/toasts.js';
import { useLogin } from '../sign-in/login-context.js';
import { allMatching } from './all-matching.js';
import { hasFilter, type ListParams } from './list-params.js';
import classes from './selection-bar.module.css';
import type { Selection } from './use-selection.js';

/** Maximum number of selected nodes, which is that of a drain set. */
const MOST_SELECTED = 1_000;

interface SelectionBarProps {
  selection: Selection;
  seen: readonly Node[];
  params: ListParams;
  /** Number of nodes that match the list's filter, if the api says. */
  total: number | undefined;
}

/** Actions on the selected nodes. */
export function SelectionBar({ selection, seen, params, total }: SelectionBarProps) {
  const login = useLogin();
  const { openDialog } = useDialogs();
  const nodes = [...selection.nodes.values()];
  if (nodes.length === 0) return null;
  const inSight = new Set(seen.map(({ uid }) => uid));
  const unseen = nodes.filter(({ uid }) => !inSight.has(uid));
  const isWholePage = nodes.length - unseen.length === seen.length;
  const whyNot = (action: AdminAction) =>
    whyNotOn(nodes, login, lookOf(action).role) ??
    (nodes.every((node) => whyNotByState(action, node) !== undefined)
      ? `Not possible for any of the selected nodes: ${whyNotByState(action, nodes[0] as (typeof nodes)[number]) ?? ''}`
      : undefined) ??
    (nodes.length > MOST_SELECTED ? `At most ${countText(MOST_SELECTED)} at once: select fewer.` : undefined);
  return (
    <Group role="toolbar" aria-label="Selected nodes" className={classes['bar'] ?? ''} gap="xs" mb="sm">
      <Text size="sm" fw={600} aria-live="polite">
        {plural(nodes.length, 'node')} selected
        {unseen.length > 0 && `, ${countText(unseen.length)} of them not on this page`}
      </Text>
      {unseen.length > 0 && (
        <Button size="xs" variant="subtle" onClick={() => selection.toggleAll(unseen, false)}>
          {`Deselect the ${countText(unseen.length)} not shown`}
        </Button>
      )}
      {isWholePage && total !== undefined && total > nodes.length && nodes.length < MOST_SELECTED && (
        <SelectAllMatching selection={selection} params={params} total={total} />
      )}
      {bulkActions(nodes).map((action) => (
        <ActionButton
          key={action}
          size="xs"
          variant="default"
          whyNot={whyNot(action)}
          onClick={() => openDialog({ kind: 'bulk', action, nodes, unseen: unseen.length, onDone: selection.clear })}
        >
          {lookOf(action).label}
        </ActionButton>
      ))}
      <Button size="xs" variant="subtle" onClick={selection.clear}>
        Clear selection
      </Button>
    </Group>
  );
}

/** Selects what matches the filter now: nodes that match later are not acted on, since the viewer has not seen them counted. */
function SelectAllMatching({ selection, params, total }: { selection: Selection; params: ListParams; total: number }) {
  const [running, setRunning] = useState(false);
  const what = hasFilter(params) ? ' that match' : '';
  const select = async () => {
    setRunning(true);
    try {
      selection.toggleAll(await allMatching(params, { most: MOST_SELECTED }), true);
    } catch (error) {
      announce({ kind: 'failure', text: `Not all could be selected: ${sentenceOf(error)}` });
    } finally {
      setRunning(false);
    }
  };
  return (
    <Button size="xs" variant="light" loading={running} onClick={() => void select()}>
      {total > MOST_SELECTED
        ? `Select the first ${countText(MOST_SELECTED)} of ${countText(total)}${what}`
        : `Select all ${countText(total)}${what}`}
    </Button>
  );
}
