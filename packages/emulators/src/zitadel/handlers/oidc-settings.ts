import { alreadyExists, failedPrecondition, notFound } from '../errors.ts';
import type { OidcLifetimes } from '../store/index.ts';
import { invalid, type Message } from '../wire/index.ts';
import { type Call, detailsOf, type Handler } from './call.ts';

const names = [
  'accessTokenLifetime',
  'idTokenLifetime',
  'refreshTokenIdleExpiration',
  'refreshTokenExpiration',
] as const satisfies readonly (keyof OidcLifetimes)[];

/** GetOIDCSettings of the v1 admin API: not there until someone sets them (internal/query/oidc_settings.go). */
export const getOidcSettings: Handler = (call) => {
  call.require('iam.policy.read', '');
  const { oidcLifetimes } = call.fresh;
  if (!oidcLifetimes) throw notFound('QUERY-s9nlw', 'Errors.OIDCSettings.NotFound');
  return {
    settings: Object.fromEntries(names.map((name) => [name, `${oidcLifetimes[name] / 1_000_000_000}s`])),
  };
};

export const addOidcSettings: Handler = (call, input) => {
  call.require('iam.policy.write', '');
  const payload = lifetimesOf(input);
  if (call.fresh.oidcLifetimes) throw alreadyExists('COMMAND-d9nlw', 'Errors.OIDCSettings.AlreadyExists');
  const event = call.push({ ...aggregate(call), type: 'instance.oidc.settings.added', payload });
  return { details: detailsOf(event) };
};

/** UpdateOIDCSettings: the same values again are FailedPrecondition. */
export const updateOidcSettings: Handler = (call, input) => {
  call.require('iam.policy.write', '');
  const wanted = lifetimesOf(input);
  const present = call.fresh.oidcLifetimes;
  if (!present) throw notFound('COMMAND-8snEr', 'Errors.OIDCSettings.NotFound');
  const changed = names.filter((name) => present[name] !== wanted[name]);
  if (changed.length === 0) throw failedPrecondition('COMMAND-0pk2nu', 'Errors.NoChangesFound');
  const payload = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
  const event = call.push({ ...aggregate(call), type: 'instance.oidc.settings.changed', payload });
  return { details: detailsOf(event) };
};

function lifetimesOf(input: Message): OidcLifetimes {
  const of = (name: (typeof names)[number]): number => {
    const ms = input.duration(name) ?? 0;
    if (ms <= 0) throw invalid(name, 'value must be greater than 0s');
    return Math.round(ms * 1_000_000);
  };
  return {
    accessTokenLifetime: of('accessTokenLifetime'),
    idTokenLifetime: of('idTokenLifetime'),
    refreshTokenIdleExpiration: of('refreshTokenIdleExpiration'),
    refreshTokenExpiration: of('refreshTokenExpiration'),
  };
}

function aggregate(call: Call) {
  const { id } = call.fresh.instance;
  return { aggregateType: 'instance', aggregateId: id, resourceOwner: id } as const;
}
