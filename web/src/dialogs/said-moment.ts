/** What is in a field is no moment: none may be left out because of it, which would be now, or for ever. */
const NO_MOMENT = {
  unfinished: 'Name both its day and its time.',
  skipped: 'Clocks skip that time here: name another.',
};

/** What a field with a local time says, as the api takes it; undefined where it is empty. @param isWhole its day and its time are there, or neither */
export function saidMoment(text: string, isWhole: boolean): string | undefined {
  if (text === '' && isWhole) return undefined;
  const at = Date.parse(text);
  if (!isWhole || Number.isNaN(at)) return 'unfinished';
  return shown(at).startsWith(text) ? new Date(at).toISOString() : 'skipped';
}

/** Why what was said is no moment; undefined where it is one, or nothing. */
export function whyNoMoment(said: string | undefined): string | undefined {
  return said === 'unfinished' || said === 'skipped' ? NO_MOMENT[said] : undefined;
}

/** What clocks show here then. */
function shown(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
}
