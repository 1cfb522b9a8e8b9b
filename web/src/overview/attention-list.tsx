import { Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Cluster, Readiness } from '../../../client/index.js';
import { ATTENTIONS, type Attention } from '../../../contract/attention.js';
import { whyNotJudged } from '../../../contract/catching-up.js';
import { Icon } from '../parts/icon.js';
import { countText } from '../parts/size-text.js';
import classes from './attention-list.module.css';
import { listLink } from '../nodes/list-params.js';

const LINES: Record<Attention, { tone: 'bad' | 'warn' | 'busy'; one: string; many: string; why: string }> = {
  lost: {
    tone: 'bad',
    one: 'node is lost',
    many: 'nodes are lost',
    why: 'In service and silent: check machine, agent and network.',
  },
  overdue: {
    tone: 'bad',
    one: 'node is overdue',
    many: 'nodes are overdue',
    why: 'Silent for longer than the timeout, and not judged yet.',
  },
  copied: {
    tone: 'bad',
    one: 'node has a copied identity',
    many: 'nodes have a copied identity',
    why: 'Several machines use it: no new sessions until its token is regenerated.',
  },
  lateDrain: {
    tone: 'warn',
    one: 'drain is late',
    many: 'drains are late',
    why: 'Sessions still run after the deadline.',
  },
  unapplied: {
    tone: 'warn',
    one: 'node has a decision that is not applied',
    many: 'nodes have decisions that are not applied',
    why: 'In force, but without effect for more than 10 seconds.',
  },
  unfit: {
    tone: 'warn',
    one: 'node is unfit',
    many: 'nodes are unfit',
    why: 'One of its checks has failed; the list and the node’s page show which, and why.',
  },
  pending: {
    tone: 'busy',
    one: 'node waits for approval',
    many: 'nodes wait for approval',
    why: 'Joined; gets no sessions until an administrator approves it.',
  },
};

interface AttentionListProps {
  /** Undefined if it could not be read. */
  cluster: Cluster | undefined;
  readiness: Readiness | undefined;
}

/** What needs attention, worst first: a line for each kind, which links to the nodes. */
export function AttentionList({ cluster, readiness }: AttentionListProps) {
  const needs = ATTENTIONS.map((kind) => ({ kind, nodes: cluster?.attention[kind] ?? 0 })).filter(
    ({ nodes }) => nodes > 0,
  );
  return (
    <section aria-label="Needs attention" className={`${classes['lines']} live`}>
      {needs.map(({ kind, nodes }) => {
        const { tone, one, many, why } = LINES[kind];
        return (
          <Link
            key={kind}
            href={listLink({ attention: [kind] })}
            className={classes['line'] ?? ''}
            data-tone={tone}
            data-attention={kind}
          >
            <Icon name="alert" size={22} />
            <span className={classes['what']}>
              <strong className="numeric">{countText(nodes)}</strong> {nodes === 1 ? one : many}
            </span>
            <span className={classes['why']}>{why}</span>
            <Icon name="chevronRight" />
          </Link>
        );
      })}
      <Rest cluster={cluster} readiness={readiness} some={needs.length > 0} />
    </section>
  );
}

/** Says that nothing needs attention only if that is known. */
function Rest({ cluster, readiness, some }: AttentionListProps & { some: boolean }) {
  const doubt =
    cluster === undefined
      ? 'It is not known whether anything needs attention: the nodes could not be counted.'
      : readiness === undefined || whyNotJudged(readiness) !== undefined || !readiness.ready || !readiness.mongodb.ok
        ? 'It is not known whether anything else needs attention, since parts of the control plane do not work.'
        : undefined;
  if (doubt === undefined && some) return null;
  return (
    <Text size="sm" c="dimmed" data-attention={doubt === undefined ? 'none' : 'unknown'}>
      {doubt ??
        'Nothing needs attention: no node is lost or waits for approval, no drain is late, and all decisions are applied.'}
    </Text>
  );
}
