import { Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Node } from '../../../client/index.js';
import { isHeardWhileWaiting } from '../../../contract/catching-up.js';
import { whyDisabled } from '../actions/offered-action.js';
import { sentenceOf } from '../api/api-failure.js';
import { useDecision } from '../api/use-decision.js';
import { ActionButton } from '../parts/action-button.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { phaseWord } from '../parts/phase-word.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age, Elapsed } from '../time/age.js';
import classes from './node-arrival.module.css';

type StepState = 'done' | 'now' | 'later';

/** A new node's steps: it joins, is activated, and beats. It can be activated here. */
export function NodeArrival({ node }: { node: Node }) {
  const joined = node.phase !== 'REGISTERED';
  const decided = joined && node.phase !== 'PENDING';
  const rejected = node.phase === 'REJECTED';
  // Its workflow may take up a heartbeat somewhat later than it arrived.
  const beats = decided && !rejected && (node.phase !== 'WAITING' || isHeardWhileWaiting(node));
  return (
    <Stack gap="xs" data-arrival={node.phase}>
      {/* Announced once each: the ages beside the steps keep counting. */}
      <VisuallyHidden role="status">{`Node ${node.id} is ${phaseWord(node.phase).toLowerCase()}`}</VisuallyHidden>
      <ol className={classes['steps']}>
        <Step state={joined ? 'done' : 'now'} title={joined ? 'The node has joined' : 'Waiting for the node to join'}>
          {node.joinedAt ? (
            <Age at={node.joinedAt} />
          ) : (
            <>
              for <Elapsed since={node.createdAt} />; start rollcall-agent on the target
            </>
          )}
        </Step>
        <Step
          state={decided ? 'done' : joined ? 'now' : 'later'}
          title={
            rejected
              ? 'Rejected'
              : decided
                ? 'Activated'
                : joined
                  ? 'Pending: waiting for you to activate it'
                  : 'Activate it here once it has joined'
          }
        >
          {joined &&
            node.info &&
            `${node.info.hostname}, ${node.info.cpu.logicalCores} cores, agent ${node.info.agentVersion}`}
        </Step>
        <Step
          state={beats ? 'done' : decided && !rejected ? 'now' : 'later'}
          title={beats ? `${phaseWord(node.phase)}: its first heartbeat has arrived` : 'First heartbeat'}
        >
          {beats && node.lastHeartbeat && <Age at={node.lastHeartbeat} />}
        </Step>
      </ol>
      {node.phase === 'PENDING' && <ActivateHere node={node} />}
    </Stack>
  );
}

function Step({ state, title, children }: { state: StepState; title: string; children?: ReactNode }) {
  return (
    <li data-state={state} {...(state === 'now' ? { 'aria-current': 'step' as const } : {})}>
      <span className={classes['mark']}>{state === 'done' && <Icon name="check" size={12} />}</span>
      <span>
        <Text component="span" size="sm" fw={state === 'now' ? 650 : 450}>
          {title}
        </Text>{' '}
        <Text component="span" size="sm" c="dimmed">
          {children}
        </Text>
      </span>
    </li>
  );
}

function ActivateHere({ node }: { node: Node }) {
  const login = useLogin();
  const decide = useDecision(node.id);
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <ActionButton
          whyNot={whyDisabled('activate', node, login)}
          loading={decide.isPending}
          onClick={() => decide.mutate({ action: 'activate', reason: '' })}
        >
          {`Activate ${node.id}`}
        </ActionButton>
        <Text size="sm" c="dimmed">
          This lets it into the cluster.
        </Text>
      </Group>
      {decide.error && (
        <Notice kind="bad" role="alert">
          {sentenceOf(decide.error)}
        </Notice>
      )}
    </Stack>
  );
}
