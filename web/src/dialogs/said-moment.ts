/** The field's text is not a valid time. It must not be ignored, since an empty field means now, or for ever. */
const NO_MOMENT = {
  unfinished: 'Enter both a date and a time.',
  skipped: 'Clocks skip that time here: choose another.',
};

/** A local time as the api accepts it; undefined if the field is empty. @param isWhole whether date and time are both given, or neither */
export function saidMoment(text: string, isWhole: boolean): string | undefined {
  if (text === '' && isWhole) return undefined;
  const at = Date.parse(text);
  if (!isWhole || Number.isNaN(at)) return 'unfinished';
  return shown(at).startsWith(text) ? new Date(at).toISOString() : 'skipped';
}

/** Why the text is not a valid time; undefined if it is one, or empty. */
export function whyNoMoment(said: string | undefined): string | undefined {
  return said === 'unfinished' || said === 'skipped' ? NO_MOMENT[said] : undefined;
}

/** The local time. */
function shown(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
}
