/** The longest text that the contract takes in a report. */
const MAX_LENGTH = 256;

/** Text that hardware and drivers say of themselves, as the contract takes it: no control characters, not too long. */
export function reportable(text: string | undefined | null): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it removes
  const oneLine = (text ?? '').replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return oneLine.trim().slice(0, MAX_LENGTH);
}
