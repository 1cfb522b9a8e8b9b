import { Button, Checkbox, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { createDrain, type CreateDrainRequest, type Node } from '../../../client/index.js';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { nodeAction, type AdminAction } from '../../../contract/node-actions.js';
import { whyNotByState } from '../actions/offered-action.js';
import { answerOf } from '../api/answer-of.js';
import { sentenceOf } from '../api/api-failure.js';
import { SETS_KEY } from '../api/event-keys.js';
import { CLUSTER_KEY, NODES_KEY } from '../api/node-queries.js';
import { useCreation } from '../api/use-creation.js';
import { ActionButton } from '../parts/action-button.js';
import { Notice } from '../parts/notice.js';
import { phaseWord } from '../parts/phase-word.js';
import { announce } from '../parts/toasts.js';
import { countText, plural } from '../parts/size-text.js';
import { exactTime } from '../time/time-text.js';
import classes from './bulk-dialog.module.css';
import { DialogFrame, type DialogState } from './dialog-frame.js';
import { useListedNodes } from './use-listed-nodes.js';
import { DecisionFields, whyNotSayable } from './decision-fields.js';
import { PaceField, whyNoPace } from './pace-field.js';
import { useBulkDecision, type BulkOutcome } from './use-bulk-decision.js';

interface BulkDialogProps {
  state: DialogState;
  action: AdminAction;
  nodes: readonly Node[];
  /** How many of them are not on the page of the list behind the dialog. */
  unseen: number;
  /** Called when at least one was decided about, which ends the selection. */
  onDone: () => void;
}

/** One decision about many nodes: shows beforehand which nodes refuse it, and afterwards the outcome for each. */
export function BulkDialog({ state, action, nodes: opened, unseen, onDone }: BulkDialogProps) {
  const { nodes, changed, agree } = useListedNodes(opened);
  const [words, setWords] = useState<DecisionWords>({});
  const [pace, setPace] = useState<number | undefined>(1);
  const [typed, setTyped] = useState('');
  const bulk = useBulkDecision();
  const { outcomes } = bulk;
  const { page, destructive, body } = nodeAction(action);
  const force = words.force ?? false;
  // A drain of many nodes is a process on the server, which keeps its pace when the page is closed.
  const isSet = action === 'deactivate';
  const { label } = page;

  const drain = useCreation({
    send: (request: CreateDrainRequest, headers) => answerOf(createDrain({ headers, body: request })),
    onMade: ({ id, nodes: drained, maxUnavailable, beginsAt }) => {
      announce({
        kind: 'success',
        text: `Drain ${id} ${beginsAt ? `begins at ${exactTime(beginsAt)}` : 'has begun'} with ${plural(drained?.length ?? 0, 'node')}, at most ${maxUnavailable} at once.`,
      });
      onDone();
      state.close();
    },
    changes: [NODES_KEY, CLUSTER_KEY, SETS_KEY],
  });
  const running = bulk.running || drain.isPending;
  const obstacleOf = (node: Node) =>
    whyNotByState(action, node) ??
    (body === 'force' && node.activeSessions > 0 && !force
      ? `It has ${plural(node.activeSessions, 'active session')}.`
      : undefined);
  const able = nodes.filter((node) => obstacleOf(node) === undefined);
  const sessions = nodes.reduce(
    (sum, node) => sum + (whyNotByState(action, node) === undefined ? node.activeSessions : 0),
    0,
  );
  const isOther = changed > 0 && !running && outcomes.size === 0;
  const phrase = `${action} ${able.length}`;
  const whyNot =
    able.length === 0
      ? 'This is possible for none of these nodes.'
      : isOther
        ? 'Some of them have changed: confirm first that you want to go on.'
        : ((isSet ? whyNoPace(pace) : undefined) ??
          whyNotSayable(body, words, { activeSessions: 0 }) ??
          (destructive && typed !== phrase ? `Type “${phrase}” to confirm.` : undefined));
  const finished = outcomes.size > 0 && !running;
  const failed = [...outcomes.values()].filter(({ ok }) => !ok).length;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (whyNot !== undefined || running || finished) return;
    if (!isSet) {
      await bulk.run(able, { action, ...words, force });
      onDone();
      return;
    }
    const { reason, deadline, onDeadline, at, until } = words;
    drain.make({
      nodes: able.map(({ id }) => id),
      maxUnavailable: pace ?? 1,
      ...(reason !== undefined && { reason }),
      ...(deadline !== undefined && { deadline }),
      ...(onDeadline !== undefined && { onDeadline }),
      ...(at !== undefined && { at }),
      ...(until !== undefined && { until }),
    });
  };
  return (
    <DialogFrame
      state={state}
      title={`${label} ${plural(nodes.length, 'node')}`}
      onCloseAsked={() => !running && state.close()}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {!finished && <Text size="sm">{page.bulk}</Text>}
          {!finished && unseen > 0 && (
            <Notice kind="warn">{`${countText(unseen)} of these nodes ${unseen === 1 ? 'is' : 'are'} not on the present page.`}</Notice>
          )}
          <ScrollArea.Autosize
            mah={260}
            type="auto"
            viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'The nodes, and the outcome for each' }}
          >
            <ul className={classes['list']}>
              {nodes.map((node) => (
                <BulkLine
                  key={node.uid}
                  node={node}
                  obstacle={obstacleOf(node)}
                  outcome={outcomes.get(node.uid)}
                  running={running}
                />
              ))}
            </ul>
          </ScrollArea.Autosize>
          {!finished && body === 'force' && sessions > 0 && (
            <Checkbox
              disabled={running}
              checked={force}
              onChange={({ currentTarget: { checked } }) => setWords({ ...words, force: checked })}
              label={`Terminate their ${plural(sessions, 'active session')}`}
              description="Their work will be lost."
            />
          )}
          {!finished && isSet && <PaceField value={pace} onChange={setPace} />}
          {!finished && <DecisionFields kind={body} words={words} onChange={setWords} activeSessions={0} />}
          {drain.error && (
            <Notice kind="bad" role="alert" title="The drain was not started">
              {sentenceOf(drain.error)}
            </Notice>
          )}
          {!finished && destructive && able.length > 0 && (
            <TextInput
              label={`Type “${phrase}” to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          {isOther && (
            <Notice kind="warn" role="alert" title={`${plural(changed, 'node')} changed since you opened this`}>
              <Group justify="space-between" gap="xs">
                <Text size="sm">The list shows their present state.</Text>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => {
                    agree();
                    setTyped('');
                  }}
                >
                  Go on anyway
                </Button>
              </Group>
            </Notice>
          )}
          {finished && (
            <Notice kind={failed > 0 ? 'bad' : 'ok'} role="status">
              {`Done for ${plural(outcomes.size - failed, 'node')}${failed > 0 ? `, failed for ${failed}: see the list for the reasons` : ''}${nodes.length > outcomes.size ? `; ${nodes.length - outcomes.size} left unchanged` : ''}.`}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs">
            {finished ? (
              <Button onClick={state.close}>Close</Button>
            ) : (
              <>
                <Button variant="default" onClick={state.close} disabled={running}>
                  Cancel
                </Button>
                <ActionButton
                  type="submit"
                  color={destructive ? 'red' : 'blue'}
                  loading={running}
                  whyNot={whyNot}
                  onClick={() => undefined}
                >
                  {`${label} ${plural(able.length, 'node')}`}
                </ActionButton>
              </>
            )}
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  );
}

function BulkLine({
  node,
  obstacle,
  outcome,
  running,
}: {
  node: Node;
  obstacle: string | undefined;
  outcome: BulkOutcome | undefined;
  running: boolean;
}) {
  const [tone, says] = outcome
    ? outcome.ok
      ? ['ok', 'Done']
      : ['bad', outcome.why]
    : obstacle !== undefined
      ? ['idle', `Left unchanged: ${obstacle}`]
      : ['idle', running ? 'Waiting' : phaseWord(node.phase)];
  return (
    <li data-tone={tone}>
      <Text component="span" size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
        {node.id}
      </Text>
      <Text component="span" size="sm" className={classes['says'] ?? ''}>
        {says}
      </Text>
    </li>
  );
}
