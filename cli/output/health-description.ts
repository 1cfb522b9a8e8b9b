import type { NodeHistory } from '../../client/types.gen.js';
import { extremesOf, measure, MEASURE_KEYS, scaleEnd, type MeasureKey } from '../../contract/measures.js';
import { formatRoundSpan } from './age.js';
import { partOf, plotLine, type PlotFrame } from './plot-line.js';
import { formatFigure } from './quantity.js';
import { section } from './sections.js';
import { tableLines, type Column } from './table.js';

/** Width of everything beside the plots, in characters: titles, three figures and the gaps. */
const BESIDE = 52;
const WIDTH = { least: 20, most: 120, unlessKnown: 60 };

/** A part of the time shows its worst fate. */
const BEATS = [
  { fate: 'missed', shown: '_' },
  { fate: 'late', shown: '▄' },
  { fate: 'blind', shown: '?' },
  { fate: 'received', shown: '▇' },
  { fate: 'before', shown: ' ' },
] as const satisfies readonly { fate: NodeHistory['heartbeats']['slots'][number]; shown: string }[];

interface Line {
  title: string;
  plot: string;
  last: string;
  mean: string;
  most: string;
}

const COLUMNS: readonly Column<Line>[] = [
  { header: 'MEASURE', cell: ({ title }) => title },
  { header: '', cell: ({ plot }) => plot },
  { header: 'LAST', cell: ({ last }) => last },
  { header: 'MEAN', cell: ({ mean }) => mean },
  { header: 'MOST', cell: ({ most }) => most },
];

const MARK_COLUMNS: readonly Column<NodeHistory['marks'][number]>[] = [
  { header: 'WHEN', cell: ({ at }) => at },
  { header: 'EVENT', cell: ({ type }) => type },
  { header: 'BY', cell: ({ by }) => by },
  { header: 'REASON', cell: ({ reason }) => reason },
];

/** `rollcall node health`: whether heartbeats arrived, how much of the machine was used, and what was decided meanwhile. */
export function describeHealth(
  history: NodeHistory,
  { columns, colours }: { columns: number | undefined; colours: boolean },
): string {
  const [from, to] = [Date.parse(history.from), Date.parse(history.to)];
  const room = columns === undefined ? WIDTH.unlessKnown : columns - BESIDE;
  const frame = { from, to, width: Math.min(WIDTH.most, Math.max(WIDTH.least, room)) };
  const measures = MEASURE_KEYS.filter((key) => measure(key).shown === 'plot').flatMap((key) =>
    lineOf(key, history.points, frame),
  );
  const rows = [beatsOf(history.heartbeats, frame), ...measures];
  const { received, late, missed } = history.heartbeats;
  return [
    `${history.from} to ${history.to}`,
    `A character is ${formatRoundSpan((to - from) / frame.width)}, and as high as the most meanwhile.`,
    '',
    ...tableLines(COLUMNS, rows, { headers: true, colours }),
    '',
    `Heartbeats: ${received} came ▇, ${late} late ▄, ${missed} missed _; ? nobody was listening`,
    ...section('Decisions and restarts', tableLines(MARK_COLUMNS, history.marks, { headers: false }), colours),
    '',
  ].join('\n');
}

function lineOf(key: MeasureKey, points: NodeHistory['points'], frame: PlotFrame): Line[] {
  const readings = points.flatMap((point) => {
    const value = point[key];
    return value === undefined
      ? []
      : [{ at: Date.parse(point.at), value, most: point[extremesOf(key)?.most ?? key] ?? value }];
  });
  const last = readings.at(-1);
  if (last === undefined) return [];
  const most = Math.max(...readings.map((reading) => reading.most));
  const end = scaleEnd(key);
  const scale = typeof end === 'string' ? (points.at(-1)?.[end] ?? most) : (end ?? most);
  const mean = readings.reduce((sum, { value }) => sum + value, 0) / readings.length;
  return [
    {
      title: measure(key).title,
      plot: plotLine(readings, scale, frame),
      last: `${formatFigure(key, last.value)}${typeof end === 'string' ? ` of ${formatFigure(key, scale)}` : ''}`,
      mean: formatFigure(key, measure(key).unit === 'count' ? Math.round(mean) : mean),
      most: formatFigure(key, most),
    },
  ];
}

function beatsOf({ from, slotMs, slots }: NodeHistory['heartbeats'], frame: PlotFrame): Line {
  const parts = Array.from({ length: frame.width }, () => BEATS.length - 1);
  for (const [index, slot] of slots.entries()) {
    const begin = Date.parse(from) + index * slotMs;
    const worth = BEATS.findIndex(({ fate }) => fate === slot);
    for (let part = partOf(begin, frame); part <= partOf(begin + slotMs - 1, frame); part += 1)
      parts[part] = Math.min(parts[part] ?? worth, worth);
  }
  const plot = parts.map((worth) => BEATS[worth]?.shown ?? ' ').join('');
  return { title: 'Heartbeats', plot, last: '', mean: '', most: '' };
}
