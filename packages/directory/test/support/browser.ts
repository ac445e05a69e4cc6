/** What came back to the browser. */
export interface Visited {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser as far as a sign-in needs one: cookies by host name, redirects followed by hand. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();

  /** One request, no redirect followed. */
  async request(url: string, init: RequestInit = {}): Promise<Visited> {
    const headers = new Headers(init.headers);
    const jar = this.#jar(url);
    if (jar.size > 0 && !headers.has('cookie')) {
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0/i.test(cookie)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { status: response.status, url, headers: response.headers, text: await response.text() };
  }

  /** Goes to an address and on, until nothing redirects any more. */
  async visit(url: string, init: RequestInit = {}): Promise<Visited> {
    let visited = await this.request(url, init);
    for (let hops = 0; visited.status >= 300 && visited.status < 400 && hops < 10; hops += 1) {
      visited = await this.request(new URL(visited.headers.get('location') ?? '', visited.url).href);
    }
    return visited;
  }

  /** Begins a sign-in, fills the form that comes, and goes on to where it leads. */
  async signIn(url: string, loginName: string, password: string): Promise<Visited> {
    const form = await this.visit(url);
    return await this.submit(form, loginName, password);
  }

  /** Fills the login form of the emulated Zitadel. */
  async submit(form: Visited, loginName: string, password: string): Promise<Visited> {
    const authRequestID = new URL(form.url).searchParams.get('authRequestID') ?? '';
    return await this.visit(new URL('/ui/login/login', form.url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ authRequestID, loginName, password }).toString(),
    });
  }

  cookie(url: string, name: string): string | undefined {
    return this.#jar(url).get(name);
  }

  setCookie(url: string, name: string, value: string): void {
    this.#jar(url).set(name, value);
  }

  #jar(url: string): Map<string, string> {
    const { hostname } = new URL(url);
    const jar = this.#jars.get(hostname) ?? new Map<string, string>();
    this.#jars.set(hostname, jar);
    return jar;
  }
}
