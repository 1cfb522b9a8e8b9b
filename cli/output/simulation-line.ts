import type { SimulationStatus } from '../../contract/simulation.js';

const MINUTE_S = 60;

/** `01:05  joined 200/200  running 198  13.2 beats/s  heartbeat 200×512 503×3  …`: outcomes are shown by kind of request. */
export function simulationLine({
  elapsedMs,
  nodes,
  joined,
  running,
  beatsPerSecond,
  answers,
  refusals,
  fatal,
  faults,
  rssBytes,
}: SimulationStatus): string {
  const asked = Object.entries(answers).map(([what, counts]) => `${what} ${tally(counts)}`);
  const rest = [
    ...(Object.keys(refusals).length > 0 ? [`refused: ${tally(refusals)}`] : []),
    ...(Object.keys(faults).length > 0 ? [`faults: ${tally(faults)}`] : []),
    ...Object.entries(fatal).map(([sentence, count]) => `${count} ended: ${sentence}`),
  ];
  return [
    clock(elapsedMs),
    `joined ${joined}/${nodes}`,
    `running ${running}`,
    `${beatsPerSecond.toFixed(1)} beats/s`,
    ...asked,
    ...rest,
    `${Math.round(rssBytes / 2 ** 20)} MiB`,
  ].join('  ');
}

function tally(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what}×${count}`)
    .join(' ');
}

function clock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  return [Math.floor(seconds / MINUTE_S), seconds % MINUTE_S].map((part) => String(part).padStart(2, '0')).join(':');
}
