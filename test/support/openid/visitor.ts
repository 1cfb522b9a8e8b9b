/** A minimal browser: follows links and redirects and fills in forms, with the cookies of one host, and the first form of a page. */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Follows redirects within the origin. @returns the last answer, or the address of another origin */
  async go(address: string, init: RequestInit = {}): Promise<{ response: Response; at: string; leaves?: string }> {
    const response = await this.send(address, init);
    const location = response.headers.get('location');
    if (location === null) return { response, at: address };
    const next = new URL(location, address);
    if (next.origin !== new URL(address).origin) return { response, at: address, leaves: next.href };
    return this.go(next.href);
  }

  /** Submits the page's first form, with these fields besides its hidden ones. */
  async submit({ response, at }: { response: Response; at: string }, fields: Record<string, string>) {
    const html = await response.text();
    const action = /<form[^>]*\baction="([^"]+)"/.exec(html)?.[1] ?? at;
    const hidden = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const body = new URLSearchParams([
      ...hidden.map(([, name = '', value = '']): [string, string] => [name, value]),
      ...Object.entries(fields),
    ]);
    return this.go(new URL(action, at).href, { method: 'POST', body });
  }

  private async send(address: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', this.cookie);
    const response = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';', 1)[0] ?? '').split(/=(.*)/s);
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}
