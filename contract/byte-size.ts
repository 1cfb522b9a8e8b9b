const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size in the largest unit of which there is at least one: 1.5 and `GiB`. */
export function scaledBytes(bytes: number): { value: number; unit: (typeof UNITS)[number] } {
  let value = bytes;
  let index = 0;
  while (value >= 1_024 && index < UNITS.length - 1) {
    value /= 1_024;
    index += 1;
  }
  return { value, unit: UNITS[index] ?? 'B' };
}

/** In a sentence: `256 MiB`. */
export function inBytes(bytes: number): string {
  const { value, unit } = scaledBytes(bytes);
  return `${Number(value.toFixed(1))} ${unit}`;
}
