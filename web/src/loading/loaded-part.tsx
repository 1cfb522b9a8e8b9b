import { lazy, type ComponentType, useEffect } from 'react';

type Load<Props extends object> = () => Promise<{ default: ComponentType<Props> }>;

/** A part of the page whose script failed to load. `forget` lets the next attempt load it again. */
export class PartNotLoaded extends Error {
  override readonly name = 'PartNotLoaded';

  constructor(
    cause: unknown,
    readonly forget: () => void,
  ) {
    super('A part of the page could not be loaded.', { cause });
  }
}

/**
 * A part that is loaded when it is first shown. Unlike with React's `lazy`, a boundary that caught its failure can try again, and
 * `ahead` loads it before it is needed. A failure to load it ahead is ignored: it is loaded when it is shown.
 */
export function loadedPart<Props extends object>(load: Load<Props>) {
  let attempt: ComponentType<Props> | undefined;
  const begin = () => {
    const loading = load().catch((error: unknown) => {
      loadFailedStylesAnew();
      throw new PartNotLoaded(error, forget);
    });
    const begun: ComponentType<Props> = lazy(() => loading);
    const forget = () => {
      if (attempt === begun) attempt = undefined;
    };
    attempt = begun;
    return { begun, loading, forget };
  };
  function Part(props: Props) {
    // Not in an effect: React renders a suspended component from the beginning when the part has loaded.
    const Loaded = attempt ?? begin().begun;
    return <Loaded {...props} />;
  }
  const ahead = () => {
    if (attempt !== undefined) return;
    const { loading, forget } = begin();
    loading.catch(forget);
  };
  return Object.assign(Part, { ahead });
}

/** Vite adds a style sheet once and never again, so one that failed is requested by a link of its own. */
function loadFailedStylesAnew(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]'))
    if (link.sheet === null) link.replaceWith(link.cloneNode());
}

/** Delay after which the page is idle, in milliseconds. */
const AFTER_MS = 2_000;

/** Loads a part soon after the page, so that it is there when it is needed, even if the api no longer answers then. */
export function useLoadAhead(part: { ahead: () => void }): void {
  useEffect(() => {
    const timer = setTimeout(() => part.ahead(), AFTER_MS);
    return () => clearTimeout(timer);
  }, [part]);
}
