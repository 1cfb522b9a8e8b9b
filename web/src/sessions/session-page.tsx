import { Anchor, Breadcrumbs, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { Session } from '../../../client/index.js';
import { useWhyNotOnIds } from '../actions/use-why-not-on-ids.js';
import { ApiFailure } from '../api/api-failure.js';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';
import { nodePath } from '../nodes/node-path.js';
import { ActionButton } from '../parts/action-button.js';
import { CopyButton } from '../parts/copy-button.js';
import { EmptyState } from '../parts/empty-state.js';
import { ErrorState } from '../parts/error-state.js';
import { LabelList } from '../parts/label-list.js';
import { Loading } from '../parts/loading.js';
import { countText, sizeText } from '../parts/size-text.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { PageHeading } from '../shell/page-heading.js';
import { Age, ExactTime } from '../time/age.js';
import { inLocalTime } from '../time/time-text.js';
import { ElapsedOfSession } from './elapsed-of-session.js';
import { mayChange, whyNotTerminable } from './session-state.js';
import { PreviewTable } from './preview-table.js';
import { sessionQuery } from './session-queries.js';
import { SessionStateWord } from './session-state-word.js';
import classes from './session-page.module.css';
import { TerminateSessionsDialog } from './terminate-sessions-dialog.js';

/** One session: its query, its state, and the beginning of its result. */
export default function SessionPage({ id }: { id: string }) {
  const interval = usePollInterval();
  const {
    data: session,
    error,
    refetch,
  } = useQuery({
    ...sessionQuery(id),
    refetchInterval: ({ state }) =>
      state.data && !mayChange(state.data.state) && state.data.state !== 'LOST' ? false : interval,
  });
  if (session) return <ShownSession session={session} />;
  const gone =
    error instanceof ApiFailure && (error.code === 'SESSION_NOT_FOUND' || error.code === 'VALIDATION_FAILED');
  return (
    <>
      <PageHeading title="Session" />
      {gone ? (
        <EmptyState
          icon="search"
          title={`There is no session ${id}`}
          actions={
            <Anchor component={Link} href="/sessions">
              View all sessions
            </Anchor>
          }
        >
          The link may be wrong, or it ended so long ago that its record has expired.
        </EmptyState>
      ) : error ? (
        <ErrorState title="The session could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading what="session" />
      )}
    </>
  );
}

function ShownSession({ session }: { session: Session }) {
  const nodes = session.node === null ? [] : [session.node];
  const whyNotOnIds = useWhyNotOnIds(nodes);
  const [ending, setEnding] = useState(false);
  const { id, state, reason, sql, statement, preview } = session;
  const terminate = (
    <ActionButton
      variant="default"
      size="xs"
      whyNot={whyNotOnIds(nodes) ?? whyNotTerminable(state)}
      onClick={() => setEnding(true)}
    >
      Terminate
    </ActionButton>
  );
  return (
    <>
      <Breadcrumbs mb={4} component="nav" aria-label="Where this is" separatorMargin="xs">
        <Anchor component={Link} href="/sessions" size="sm">
          Sessions
        </Anchor>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {id}
        </Text>
      </Breadcrumbs>
      <PageHeading
        title={`Session of ${session.principal}`}
        beside={<SessionStateWord state={state} />}
        actions={terminate}
      />
      <div className={classes['parts']}>
        <Panel title="Query" actions={<CopyButton text={sql ?? statement} label="Copy the query" size="compact-xs" />}>
          <Code block className={classes['query'] ?? ''} tabIndex={0}>
            {sql ?? statement}
          </Code>
          {reason !== '' && (
            <Text size="sm" mt="xs" className={classes['reason'] ?? ''} data-reason>
              {inLocalTime(reason)}
            </Text>
          )}
        </Panel>
        {preview && (
          <Panel title="Result">
            <PreviewTable preview={preview} rows={session.rows} />
          </Panel>
        )}
        <Panel title="Details">
          <About session={session} />
        </Panel>
      </div>
      {ending && <TerminateSessionsDialog sessions={[session]} onClosed={() => setEnding(false)} />}
    </>
  );
}

function About({ session }: { session: Session }) {
  const { id, kind, node, resources, labels, openedBy, openedAt, startedAt, endedAt, termination, rows, resultFile } =
    session;
  return (
    <Facts>
      <Fact name="ID">{id}</Fact>
      <Fact name="Node">
        {node === null ? (
          'none'
        ) : (
          <Anchor component={Link} href={nodePath(node)} size="sm">
            {node}
          </Anchor>
        )}
      </Fact>
      <Fact name="Run by">{kind === 'managed' ? "the node's agent" : 'another engine of the node'}</Fact>
      <Fact name="Opened">
        <Moment at={openedAt} /> by {openedBy}
      </Fact>
      <Fact name="Started">{startedAt === null ? 'not yet' : <Moment at={startedAt} />}</Fact>
      {endedAt !== null && (
        <Fact name="Ended">
          <Moment at={endedAt} />
        </Fact>
      )}
      <Fact name="Elapsed">
        <ElapsedOfSession session={session} />
      </Fact>
      {termination && (
        <Fact name="Terminated">
          <Moment at={termination.at} /> by {termination.by}
          {termination.reason !== '' && `: ${termination.reason}`}
        </Fact>
      )}
      <Fact name="Reserved">{`${resources.cpu} cores, ${sizeText(resources.memory)} memory, ${sizeText(resources.disk)} disk${resources.gpu > 0 ? `, ${resources.gpu} GPU` : ''}`}</Fact>
      <Fact name="Required labels">
        <LabelList labels={labels} />
      </Fact>
      {rows !== null && <Fact name="Rows">{countText(rows)}</Fact>}
      {resultFile !== null && <Fact name="Result file">{resultFile}</Fact>}
    </Facts>
  );
}

function Moment({ at }: { at: string }): ReactNode {
  return (
    <>
      <ExactTime at={at} /> (<Age at={at} />)
    </>
  );
}
