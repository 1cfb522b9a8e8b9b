import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Cluster, Readiness } from '../../../client/index.js';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';
import { countText, plural } from '../parts/size-text.js';
import { StateWord } from '../parts/state-word.js';
import { UsageBar } from '../parts/usage-bar.js';
import { clockTime, stretchText } from '../time/time-text.js';
import { listLink } from '../nodes/list-params.js';

type Finding = Readiness['temporal'];

interface ControlPlanePanelProps {
  /** Undefined if they could not be read. */
  cluster: Cluster | undefined;
  readiness: Readiness | undefined;
}

/** State of the control plane itself, as known to the replica that answered. */
export function ControlPlanePanel({ cluster, readiness }: ControlPlanePanelProps) {
  return (
    <Panel title="Control plane">
      <div className="live">
        <Facts>
          <Fact name="API replicas">
            {cluster === undefined ? (
              <Unknown />
            ) : (
              `${countText(cluster.heartbeats.signals.replicas)} recording heartbeats`
            )}
          </Fact>
          <Fact name="Heartbeats">
            <Found finding={readiness?.heartbeats} good="Recorded" bad="Not recorded" />
          </Fact>
          <Fact name="MongoDB">
            <Found finding={readiness?.mongodb} good="Answers" bad="Does not answer" />
          </Fact>
          <Fact name="Temporal">
            <Found finding={readiness?.temporal} good="Answers" bad="Does not answer" />
          </Fact>
          <Fact name="Workers">
            {/* If the state of workers is unknown, the start of their absence is too. */}
            {readiness?.workers.ok === false && readiness.workers.since === undefined ? (
              <Unknown why={readiness.workers.detail} />
            ) : (
              <Found finding={readiness?.workers} good="Take tasks" bad="No worker takes tasks" />
            )}
          </Fact>
          <Fact name="Decisions">
            <Decisions cluster={cluster} />
          </Fact>
          <Fact name="Beats per second">
            {cluster === undefined ? <Unknown /> : <Beats heartbeats={cluster.heartbeats} />}
          </Fact>
          <Fact name="Forwarded to workflows">
            {cluster === undefined ? <Unknown /> : <Signals heartbeats={cluster.heartbeats} />}
          </Fact>
        </Facts>
      </div>
    </Panel>
  );
}

function Found({ finding, good, bad }: { finding: Finding | undefined; good: string; bad: string }) {
  if (finding === undefined) return <Unknown />;
  const { ok, detail, since } = finding;
  if (ok) return <StateWord tone="ok">{good}</StateWord>;
  return (
    <>
      <StateWord tone="bad">{bad}</StateWord>
      <Text size="sm" c="dimmed">
        {since === undefined ? detail : `Since ${clockTime(Date.parse(since))}: ${detail}`}
      </Text>
    </>
  );
}

function Unknown({ why }: { why?: string }) {
  return (
    <StateWord tone="idle" title={why}>
      Not known
    </StateWord>
  );
}

function Decisions({ cluster }: { cluster: Cluster | undefined }) {
  if (cluster === undefined) return <Unknown />;
  const late = cluster.attention['unapplied'] ?? 0;
  if (late === 0) return <StateWord tone="ok">None waiting for more than 10 s</StateWord>;
  return (
    <Anchor component={Link} href={listLink({ attention: ['unapplied'] })} size="sm">
      <StateWord tone="warn">{`Not applied to ${plural(late, 'node')}`}</StateWord>
    </Anchor>
  );
}

function Beats({ heartbeats }: { heartbeats: Cluster['heartbeats'] }) {
  const { expectedPerSecond, maxPerSecond, stretched, intervalMs, configuredIntervalMs } = heartbeats;
  const expected = rate(expectedPerSecond);
  return (
    <>
      <UsageBar
        label="Heartbeats against their budget"
        fraction={maxPerSecond > 0 ? expectedPerSecond / maxPerSecond : 0}
        title={`${expected} of ${countText(maxPerSecond)} a second`}
      />
      <Text size="sm" c="dimmed">
        {`${expected} of ${countText(maxPerSecond)}; each node every ${everyText(intervalMs)}`}
        {stretched && `, stretched from ${everyText(configuredIntervalMs)}`}
      </Text>
    </>
  );
}

function Signals({ heartbeats: { signals } }: { heartbeats: Cluster['heartbeats'] }) {
  return (
    <>
      {signals.regime === 'every' ? 'every heartbeat' : 'heartbeats that change something'}
      <Text size="sm" c="dimmed">
        {`at most ${countText(signals.budgetPerSecond)} signals a second`}
      </Text>
    </>
  );
}

function everyText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : stretchText(ms);
}

function rate(perSecond: number): string {
  return perSecond >= 10 ? countText(Math.round(perSecond)) : perSecond.toFixed(1);
}
