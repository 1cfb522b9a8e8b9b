import { useQuery } from '@tanstack/react-query';
import { createContext, memo, use } from 'react';
import { listNodes } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { NODES_KEY, type NodeListQuery } from '../api/node-queries.js';
import classes from './cpu-trace.module.css';

/** In percent, oldest first; null for gaps. */
type Trace = readonly (number | null)[];

const NONE: Readonly<Record<string, Trace>> = {};
/** By the node's uid. */
const CpuTraces = createContext(NONE);

/** A trace gets a new figure only every other minute. */
const REFRESH_MS = 60_000;
const [WIDTH, HEIGHT] = [44, 16];

/** CPU of the last hour for a page of nodes, in one request for all; not with each poll of the list, whose size it would double. */
export function useCpuTraces(query: NodeListQuery, enabled: boolean): Readonly<Record<string, Trace>> {
  const asked: NodeListQuery = { ...query, total: 'false', include: 'cpu' };
  const { data } = useQuery({
    queryKey: [...NODES_KEY, 'cpu', asked],
    queryFn: async ({ signal }) => (await answerOf(listNodes({ query: asked, signal }))).cpu ?? NONE,
    enabled,
    refetchInterval: REFRESH_MS,
    staleTime: REFRESH_MS / 2,
  });
  return data ?? NONE;
}

export const CpuTracesProvider = CpuTraces.Provider;

/** How busy a node was over the last hour, as a line. */
export function CpuTrace({ uid, id }: { uid: string; id: string }) {
  const trace = use(CpuTraces)[uid];
  return trace === undefined ? null : <Line id={id} trace={trace} />;
}

const Line = memo(function Line({ id, trace }: { id: string; trace: Trace }) {
  const heard = trace.filter((point) => point !== null);
  const title = `CPU over the last hour: ${Math.min(...heard)} to ${Math.max(...heard)} %`;
  return (
    <svg
      className={classes['trace']}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${title}, of ${id}`}
    >
      <title>{title}</title>
      <path d={pathOf(trace)} />
    </svg>
  );
});

/** A line with gaps; a figure between two gaps is a short dash. */
function pathOf(trace: Trace): string {
  const step = WIDTH / Math.max(1, trace.length - 1);
  const at = (index: number, percent: number) =>
    `${(index * step).toFixed(1)} ${(HEIGHT - 1 - (percent / 100) * (HEIGHT - 2)).toFixed(1)}`;
  return trace
    .map((percent, index) => {
      if (percent === null) return '';
      const isBegin = index === 0 || trace[index - 1] === null;
      const isAlone = isBegin && (trace[index + 1] ?? null) === null;
      return `${isBegin ? 'M' : 'L'}${at(index, percent)}${isAlone ? 'h1' : ''}`;
    })
    .join('');
}
