import { describe, expect, it } from 'vitest';
import { charts, settleStack } from '../../src/settings/index.ts';
import { planStack } from '../../src/up/index.ts';

const settings = settleStack({ folder: '/stack' });
const actionsOf = (...found: Parameters<typeof planStack>) =>
  Object.fromEntries(planStack(...found).map(({ phase, action }) => [phase, action]));
const installed = new Map(
  Object.values(charts).map(({ namespace, release, chart, version }) => [
    `${namespace}/${release}`,
    `${chart}-${version}`,
  ]),
);

describe('the plan of a stack', () => {
  it('makes everything where there is nothing', () => {
    expect(new Set(Object.values(actionsOf(settings, { cluster: 'missing', releases: new Map() })))).toEqual(
      new Set(['make']),
    );
  });

  it('starts a stopped cluster, and looks at what is in it', () => {
    const actions = actionsOf(settings, { cluster: 'stopped', releases: new Map() });
    expect(actions).toMatchObject({ cluster: 'start', zitadel: 'check', openbao: 'check' });
  });

  it('keeps charts of its versions, changes others and says which are there', () => {
    const releases = new Map([...installed, ['zitadel/zitadel', 'zitadel-9.12.2']]);
    releases.delete('openbao/openbao');
    const found = { cluster: 'running', releases } as const;
    expect(actionsOf(settings, found)).toMatchObject({
      cluster: 'keep',
      postgres: 'keep',
      zitadel: 'change',
      openbao: 'make',
      database: 'check',
    });
    expect(planStack(settings, found).find(({ phase }) => phase === 'zitadel')?.note).toBe(
      'zitadel-9.12.2 is there',
    );
  });

  it('has no part of Zitadel where that is left out', () => {
    const alone = settleStack({ folder: '/stack', zitadel: false });
    expect(Object.keys(actionsOf(alone, { cluster: 'missing', releases: new Map() }))).toEqual([
      ...['cluster', 'openbao', 'network', 'ready'],
    ]);
  });
});
