/** Where the identity provider sends the browser back to. */
const RETURN_PATH = '/signed-in';
/** Of the tab alone: where its reader was before they went to sign in. */
const CAME_FROM = 'rollcall-came-from';

/** Taken before anything looks at the address, so that what the provider said stays in no history. */
let answer = answerInAddress();

function answerInAddress(): string | undefined {
  if (location.pathname !== RETURN_PATH) return undefined;
  const said = location.search.slice(1);
  // With the origin: a path that begins with two slashes would be another host's.
  history.replaceState(null, '', location.origin + (sessionStorage.getItem(CAME_FROM) ?? '/'));
  sessionStorage.removeItem(CAME_FROM);
  return said === '' ? undefined : said;
}

/** What the identity provider sent this browser back with; once, for it is good once. */
export function takeProviderAnswer(): string | undefined {
  const taken = answer;
  answer = undefined;
  return taken;
}

/** Leaves for the identity provider; whoever comes back finds the page where it was. */
export function leaveForProvider(url: string): void {
  sessionStorage.setItem(CAME_FROM, location.pathname + location.search);
  location.assign(url);
}
