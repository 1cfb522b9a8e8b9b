import { hasUnsaved } from './unsaved.js';

/** The entry that this page was loaded anew for, so that it is loaded anew once for each. */
const KEY = 'rollcall.loaded-anew-for';
const ENTRY = /<script[^>]+type="module"[^>]+src="([^"]+)"/;

/** The script that this page began with. Vite names it by its content, so that another build has another one. */
function entryHere(): string | undefined {
  return document.querySelector('script[type="module"]')?.getAttribute('src') ?? undefined;
}

/** The script that the page begins with as the api serves it now; undefined where it does not answer. */
async function entryServed(): Promise<string | undefined> {
  try {
    const answer = await fetch('/', { headers: { accept: 'text/html' }, cache: 'no-store' });
    return answer.ok ? ENTRY.exec(await answer.text())?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What to do about a part that did not load. After an upgrade of the api the parts of this page are gone: it is loaded anew, once for each
 * version and never over something that somebody typed, so that two replicas of different versions send nobody round in circles.
 * @returns `reloading`, `newer` where only the viewer may load the page anew, or `same` where this is the page that the api serves
 */
export async function loadNewerPage(): Promise<'reloading' | 'newer' | 'same'> {
  const served = await entryServed();
  if (served === undefined || served === entryHere()) return 'same';
  if (hasUnsaved() || !rememberOnce(served)) return 'newer';
  location.reload();
  return 'reloading';
}

/** @returns whether the page was not loaded anew for this entry before */
function rememberOnce(entry: string): boolean {
  try {
    if (sessionStorage.getItem(KEY) === entry) return false;
    sessionStorage.setItem(KEY, entry);
    return true;
  } catch {
    // Storage is forbidden here: the viewer decides.
    return false;
  }
}
