import {
  type Clock,
  DrawbridgeError,
  type Fetch,
  type Priority,
  readText,
  retry,
  type Secret,
} from '@drawbridge/kit';
import type { ApplicationKey } from '../credentials/index.ts';
import { basic, signAssertion } from '../token/index.ts';
import { translateAnswer, ZitadelError } from '../transport/index.ts';

/** How the application signs in to introspection: by its key, or by its secret where it has only that. */
export type IntrospectionClient =
  | ApplicationKey
  | { readonly type: 'basic'; readonly clientId: string; readonly clientSecret: Secret<string> };

/** Which instance is asked about tokens, and as which application. */
export interface IntrospectOptions {
  readonly issuer: string;
  readonly fetch: Fetch;
  readonly client: IntrospectionClient;
  readonly clock: Clock;
  readonly random?: () => number;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Asks Zitadel about a token.
 *
 * @returns the answer's claims when `active` is the boolean true, else undefined
 * @throws {DrawbridgeError} `credentials_refused` when the application is not accepted; why Zitadel did not answer
 * @see RFC 7662
 */
export async function introspect(
  token: string,
  options: IntrospectOptions,
  call: { readonly signal: AbortSignal; readonly priority: Priority },
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const url = `${options.issuer}/oauth/v2/introspect`;
  return await retry(
    async () => {
      const { form, headers } = await present(options);
      form.set('token', token);
      const response = await options.fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: form.toString(),
        ...call,
      });
      const body = await readText(response);
      if (response.status !== 200) {
        throw refusal(
          translateAnswer({ status: response.status, headers: response.headers, body, where: url }),
        );
      }
      const answer = parse(body, url);
      return answer.active === true ? answer : undefined;
    },
    {
      attempts: 2,
      baseMs: 100,
      signal: call.signal,
      clock: options.clock,
      ...(options.random ? { random: options.random } : {}),
    },
  );
}

async function present(
  options: IntrospectOptions,
): Promise<{ readonly form: URLSearchParams; readonly headers: Record<string, string> }> {
  const { client } = options;
  if (client.type === 'basic') {
    return {
      form: new URLSearchParams(),
      headers: { authorization: basic(client.clientId, client.clientSecret) },
    };
  }
  const assertion = await signAssertion(client, client.clientId, options);
  const form = new URLSearchParams({
    client_assertion_type: assertionType,
    client_assertion: assertion.expose(),
  });
  return { form, headers: {} };
}

/** A 400 or 401 is about our application, since a bad token is answered with 200. */
function refusal(error: DrawbridgeError): DrawbridgeError {
  if (!(error instanceof ZitadelError) || (error.status !== 400 && error.status !== 401)) return error;
  return new ZitadelError('credentials_refused', {
    message: 'Zitadel did not accept the application that introspects tokens.',
    fix: 'Check that the application, its project and its key are active and belong to this instance.',
    status: error.status,
    id: error.id,
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.saw === undefined ? {} : { saw: error.saw }),
  });
}

function parse(body: string, where: string): Readonly<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = undefined; // its text is kept out: it may repeat the token
  }
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) {
    return answer as Readonly<Record<string, unknown>>;
  }
  throw new DrawbridgeError('invalid_response', {
    message: 'Introspection did not answer with an object.',
    where,
  });
}
