import { Box, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Readiness } from '../../../client/index.js';
import { whyNotJudged } from '../../../contract/catching-up.js';
import { readinessQuery } from '../api/readiness-query.js';
import { Notice } from '../parts/notice.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { clockTime } from '../time/time-text.js';

/** Says which part of the control plane does not work, since when, and what cannot be relied on meanwhile. */
export function ControlPlaneBanner() {
  const { data } = useQuery({ ...readinessQuery, refetchInterval: usePollInterval() });
  if (!data) return null;
  const faults = faultsOf(data);
  return faults.map(({ part, title, text }) => (
    <Box key={part} mb="md" data-banner={part}>
      <Notice kind="bad" role="alert" title={title}>
        <Text size="sm">{text}</Text>
      </Notice>
    </Box>
  ));
}

function faultsOf(readiness: Readiness): { part: string; title: string; text: string }[] {
  const { heartbeats, mongodb } = readiness;
  const notJudged = whyNotJudged(readiness);
  return [
    ...(heartbeats.ok
      ? []
      : [
          {
            part: 'heartbeats',
            title: 'Heartbeats are not being recorded',
            text: `They ${heartbeats.detail}: ages of heartbeats and usage of nodes are out of date.`,
          },
        ]),
    ...(mongodb.ok
      ? []
      : [
          {
            part: 'mongodb',
            title: `MongoDB does not answer${sinceText(mongodb.since)}`,
            text: `Nothing can be read or decided until it does: ${mongodb.detail}.`,
          },
        ]),
    ...(notJudged === undefined
      ? []
      : [
          {
            part: notJudged.part,
            title: `Liveness is not being judged${sinceText(notJudged.since)}`,
            text: notJudged.text,
          },
        ]),
  ];
}

function sinceText(since: string | undefined): string {
  return since === undefined ? '' : ` since ${clockTime(Date.parse(since))}`;
}
