import { isoTime } from '../../contract/iso-time.js';
import type { WebhookForm } from '../../contract/webhooks.js';
import type { AlertNotice, WebhookRecord } from './webhook-record.js';

/** End of a raised alert, in milliseconds from now: without one, Alertmanager resolves it after five minutes. */
const NO_END_MS = 365 * 86_400_000;

export interface WebhookBody {
  contentType: string;
  text: string;
}

/**
 * The body of a notice in the receiver's format.
 * @param clusterId the sending cluster
 */
export function webhookBody(
  { form, secret }: Pick<WebhookRecord, 'form' | 'secret'>,
  notice: AlertNotice,
  clusterId: string,
): WebhookBody {
  const { contentType = 'application/json', body } = FORMS[form](notice, clusterId, secret);
  return { contentType, text: JSON.stringify(body) };
}

type Form = (notice: AlertNotice, clusterId: string, secret: string) => { contentType?: string; body: unknown };

const FORMS: Record<WebhookForm, Form> = {
  /** CloudEvents 1.0, JSON format, structured mode. */
  cloudevents: (notice, clusterId) => ({
    contentType: 'application/cloudevents+json; charset=utf-8',
    body: {
      specversion: '1.0',
      id: `${notice.alert}-${notice.phase}`,
      source: `urn:rollcall:cluster:${clusterId}`,
      type: `rollcall.alert.${notice.kind}.${notice.phase}`,
      ...(notice.node && { subject: notice.node.name }),
      time: isoTime(notice.at),
      datacontenttype: 'application/json',
      data: dataOf(notice),
    },
  }),

  slack: ({ summary, severity, phase }) => ({
    body: { text: `${phase === 'cleared' ? ':white_check_mark:' : SLACK_SIGNS[severity]} ${escaped(summary)}` },
  }),

  /** Events API v2. */
  pagerduty: (notice, clusterId, routingKey) => ({
    body: {
      routing_key: routingKey,
      event_action: notice.phase === 'cleared' ? 'resolve' : 'trigger',
      dedup_key: notice.alert,
      payload: {
        summary: notice.summary.slice(0, 1_024),
        source: notice.node?.name ?? `rollcall ${clusterId}`,
        severity: notice.severity,
        timestamp: isoTime(notice.at),
        class: notice.kind,
        custom_details: dataOf(notice),
      },
    },
  }),

  /** POST /api/v2/alerts. */
  alertmanager: ({ kind, severity, node, alert, summary, since, at, phase }, clusterId) => ({
    body: [
      {
        labels: {
          alertname: `Rollcall${kind}`,
          severity,
          cluster: clusterId,
          alert,
          ...(node && { node: node.name }),
        },
        annotations: { summary },
        startsAt: isoTime(since),
        endsAt: isoTime(phase === 'cleared' ? at : at + NO_END_MS),
      },
    ],
  }),
};

const SLACK_SIGNS = { info: ':information_source:', warning: ':warning:', critical: ':rotating_light:' } as const;

function dataOf({ alert, kind, phase, severity, since, node, labels, summary }: AlertNotice) {
  return {
    ...{ alert, kind, phase, severity, since: isoTime(since), summary, labels },
    node: node && { id: node.name, uid: node.uid },
  };
}

/** Escapes Slack's control characters. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
