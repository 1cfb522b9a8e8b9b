/** A list of sizes, of which `--set` may have left one. */
export function sizesOf(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
