/** Maximum length of a text in a report. */
const MAX_LENGTH = 256;

/** Makes text of hardware and drivers acceptable to the contract: no control characters, not too long. */
export function reportable(text: string | undefined | null): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it removes
  const oneLine = (text ?? '').replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return oneLine.trim().slice(0, MAX_LENGTH);
}

// Lone surrogates, and control characters except line breaks and tabs.
// oxlint-disable-next-line no-control-regex -- control characters are what it replaces
const UNWANTED = /[\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu;

/** Makes text acceptable to the api: at most `max` characters, without lone surrogates, and with the replacement character for control characters. */
export function acceptableText(text: string, max: number): string {
  const beginning = text.length <= max ? text : `${text.slice(0, max - 1)}…`;
  return beginning.replaceAll(UNWANTED, '\ufffd');
}
