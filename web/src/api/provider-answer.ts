/** The address to which the identity provider redirects the browser. */
const RETURN_PATH = '/signed-in';
/** Key in the tab's storage for the address to return to after signing in. */
const CAME_FROM = 'rollcall-came-from';

/** Read before anything else uses the address, so that the provider's parameters stay in no history. */
let answer = answerInAddress();

function answerInAddress(): string | undefined {
  if (location.pathname !== RETURN_PATH) return undefined;
  const said = location.search.slice(1);
  // With the origin: a path that begins with two slashes would name another host.
  history.replaceState(null, '', location.origin + (sessionStorage.getItem(CAME_FROM) ?? '/'));
  sessionStorage.removeItem(CAME_FROM);
  return said === '' ? undefined : said;
}

/** The identity provider's parameters; returned once, since they are valid once. */
export function takeProviderAnswer(): string | undefined {
  const taken = answer;
  answer = undefined;
  return taken;
}

/** Redirects to the identity provider; afterwards the page opens where it was. */
export function leaveForProvider(url: string): void {
  sessionStorage.setItem(CAME_FROM, location.pathname + location.search);
  location.assign(url);
}
