import { Anchor, Breadcrumbs, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { isDrainSetOver, tellOthers, type DrainSetWish } from '../../../contract/drain-set.js';
import { useWhyNotOnIds } from '../actions/use-why-not-on-ids.js';
import { SETS_KEY } from '../api/event-keys.js';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { ConfirmDialog } from '../dialogs/confirm-dialog.js';
import { ActionButton } from '../parts/action-button.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { Fact, Facts } from '../parts/facts.js';
import { Loading } from '../parts/loading.js';
import { Notice } from '../parts/notice.js';
import { Panel } from '../parts/panel.js';
import { announce } from '../parts/toasts.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { Age, ExactTime } from '../time/age.js';
import { ProgressBar } from './progress-bar.js';
import { SetMembers } from './set-members.js';
import { setQuery } from './set-queries.js';
import { chosenBy, type NodeSet, type SetKind } from './set-kind.js';
import { unfinishedOf, whyNotRuled } from './set-progress.js';
import { SetState } from './sets-page.js';

/** A drain of a set, or an agent update: its progress, what it waits for, and its controls. */
export default function SetPage({ kind, id }: { kind: SetKind; id: string }) {
  const interval = usePollInterval();
  const {
    data: set,
    error,
    refetch,
  } = useQuery({
    ...setQuery(kind, id),
    refetchInterval: ({ state }) => (state.data && isDrainSetOver(state.data.state) ? false : interval),
  });
  const trail = (
    <Breadcrumbs mb={4} component="nav" aria-label="Where this is" separatorMargin="xs">
      <Anchor component={Link} href={kind.path} size="sm">
        {kind.title}
      </Anchor>
      <Text size="sm" c="dimmed">
        {id}
      </Text>
    </Breadcrumbs>
  );
  if (set)
    return (
      <>
        {trail}
        <ShownSet kind={kind} set={set} />
      </>
    );
  const gone = error instanceof ApiFailure && (error.code === 'NOT_FOUND' || error.code === 'VALIDATION_FAILED');
  return (
    <>
      {trail}
      <PageHeading title={`${kind.one.charAt(0).toUpperCase()}${kind.one.slice(1)}`} />
      {gone ? (
        <EmptyState icon="search" title={`There is no ${kind.one} ${id}`}>
          The link may be wrong, or it ended so long ago that its record has expired.
        </EmptyState>
      ) : error ? (
        <ErrorState title={`The ${kind.one} could not be loaded`} error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading what={kind.one} />
      )}
    </>
  );
}

function ShownSet({ kind, set }: { kind: SetKind; set: NodeSet }) {
  const { id, others, ruling } = set;
  return (
    <>
      <PageHeading
        title={`${'version' in set ? `Update to ${set.version} of` : 'Drain of'} ${chosenBy(set)}`}
        beside={<SetState set={set} />}
        actions={<Rulings kind={kind} set={set} />}
      />
      <Stack gap="md">
        {!ruling.applied && (
          <Notice kind="information" role="status">
            What {ruling.by} decided <Age at={ruling.at} /> is in force but not applied yet: the nodes below are as
            before.
          </Notice>
        )}
        {set.state === 'HELD' && (
          <Notice kind="bad" role="status" title="Held: too many nodes failed">
            No further node starts. The list shows why they failed; Resume goes on, and no longer counts those failures.
          </Notice>
        )}
        {set.window?.waiting && (
          <Notice kind="information" role="status" title={`Waiting for the window ${set.window.name}`}>
            {set.window.opensAt === null ? (
              'When it opens is not known yet: Temporal does not have its schedule yet.'
            ) : (
              <>
                It opens at <ExactTime at={set.window.opensAt} />. No further node starts before that; those that drain
                go on.
              </>
            )}
          </Notice>
        )}
        {others.count > 0 && (
          <Notice
            kind={others.waiting ? 'warn' : 'information'}
            title={
              others.waiting ? 'No further node starts until fewer are unavailable' : 'Other nodes are unavailable too'
            }
          >
            {tellOthers({ count: others.count, named: others.nodes.map(({ id: name, why }) => ({ name, why })) })}. They
            count for the {set.maxUnavailable} that may be unavailable at once.
          </Notice>
        )}
        <Panel title="Progress">
          <Text size="sm" component="div" mb="xs">
            <ProgressBar set={set} />
          </Text>
          <SetMembers key={id} set={set} />
        </Panel>
        <Panel title="Details">
          <AboutSet set={set} />
        </Panel>
      </Stack>
    </>
  );
}

const LABELS: Record<DrainSetWish, string> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' };
const DONE: Record<DrainSetWish, string> = { pause: 'is paused', resume: 'goes on', cancel: 'is being cancelled' };

function Rulings({ kind, set }: { kind: SetKind; set: NodeSet }) {
  const nodes = unfinishedOf(set);
  const whyNotOnIds = useWhyNotOnIds(nodes, kind.role);
  const queryClient = useQueryClient();
  const [cancelling, setCancelling] = useState(false);
  const name = `${kind.one} ${set.id}`;
  const refresh = () => queryClient.invalidateQueries({ queryKey: SETS_KEY });
  const rule = useMutation({
    mutationFn: (wish: DrainSetWish) => kind.rule(set.id, wish),
    onSuccess: (_set, wish) => announce({ kind: 'success', text: `The ${name} ${DONE[wish]}.` }),
    onError: (error, wish) => announce({ kind: 'failure', text: `Could not ${wish} ${name}: ${sentenceOf(error)}` }),
    onSettled: refresh,
  });
  const button = (wish: DrainSetWish) => (
    <ActionButton
      key={wish}
      variant="default"
      size="xs"
      loading={rule.isPending && rule.variables === wish}
      whyNot={whyNotOnIds(nodes) ?? whyNotRuled(wish, set)}
      onClick={() => (wish === 'cancel' ? setCancelling(true) : rule.mutate(wish))}
    >
      {LABELS[wish]}
    </ActionButton>
  );
  return (
    <Group gap="xs">
      {set.state === 'PAUSED' || set.state === 'HELD' ? button('resume') : button('pause')}
      {button('cancel')}
      {cancelling && (
        <ConfirmDialog
          title={`Cancel ${name}`}
          label={`Cancel the ${kind.one}`}
          done={`The ${name} ${DONE.cancel}.`}
          failure={`Could not cancel ${name}`}
          act={() => kind.rule(set.id, 'cancel')}
          onSettled={() => void refresh()}
          onClosed={() => setCancelling(false)}
        >
          {kind.onCancel}
        </ConfirmDialog>
      )}
    </Group>
  );
}

function AboutSet({ set }: { set: NodeSet }) {
  const { reason, at, by, ruling, endedAt, maxUnavailable, deadline, onDeadline, workflow } = set;
  return (
    <Facts>
      <Fact name="Reason">{reason || 'none was given'}</Fact>
      <Fact name="Begun">
        <Age at={at} /> by {by}
      </Fact>
      {ruling.at !== at && (
        <Fact name="Last decided">
          <Age at={ruling.at} /> by {ruling.by}
        </Fact>
      )}
      {endedAt !== null && (
        <Fact name="Ended">
          <Age at={endedAt} />
        </Fact>
      )}
      {'beginsAt' in set && set.beginsAt !== null && (
        <Fact name="Begins">
          <ExactTime at={set.beginsAt} />
        </Fact>
      )}
      {'until' in set && set.until !== null && (
        <Fact name="Back">
          its nodes by themselves at <ExactTime at={set.until} />
        </Fact>
      )}
      {set.window && (
        <Fact name="Only within">
          the window {set.window.name}
          {set.window.openUntil !== null && (
            <>
              , open until <ExactTime at={set.window.openUntil} />
            </>
          )}
        </Fact>
      )}
      <Fact name="At once">at most {maxUnavailable} unavailable</Fact>
      <Fact name="Deadline">
        {deadline === null
          ? 'none: each node may take as long as its sessions run'
          : `${deadline} for each node, then ${onDeadline === 'terminate' ? 'its sessions are terminated' : 'it goes on waiting'}`}
      </Fact>
      {'version' in set && (
        <>
          <Fact name="Version">{set.downgrade ? `${set.version}, of later ones too` : set.version}</Fact>
          <Fact name="Held by">{set.maxFailures === 1 ? 'the first failure' : `${set.maxFailures} failures`}</Fact>
          <Fact name="Timeout">{set.timeout} for each node, once it is drained</Fact>
        </>
      )}
      <Fact name="Workflow">
        {workflow.url === null ? (
          workflow.id
        ) : (
          <Anchor href={workflow.url} target="_blank" rel="noreferrer" size="sm">
            {workflow.id}
          </Anchor>
        )}
      </Fact>
    </Facts>
  );
}
