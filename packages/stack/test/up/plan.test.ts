import { describe, expect, it } from 'vitest';
import { type Chart, charts, settleStack } from '../../src/settings/index.ts';
import type { Release } from '../../src/tools/index.ts';
import { planStack } from '../../src/up/index.ts';

const settings = settleStack({ folder: '/stack' });
const actionsOf = (...found: Parameters<typeof planStack>) =>
  Object.fromEntries(planStack(...found).map(({ phase, action }) => [phase, action]));
const installed = new Map(
  Object.values(charts).map((chart) => [
    `${chart.namespace}/${chart.release}`,
    releaseOf(chart, `${chart.chart}-${chart.version}`),
  ]),
);

function releaseOf({ namespace, release }: Chart, chart: string, ours = true): Release {
  return { namespace, name: release, chart, status: 'deployed', ours };
}

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
    const releases = new Map([
      ...installed,
      ['zitadel/zitadel', releaseOf(charts.zitadel, 'zitadel-9.12.2')],
    ]);
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

  it('uses the operator that somebody has, whatever its version', () => {
    const theirs = releaseOf(charts.postgres, 'cloudnative-pg-0.26.1', false);
    const releases = new Map([['cnpg-system/cnpg', theirs]]);
    const [, operator] = planStack(settings, { cluster: 'running', releases });
    expect(operator).toMatchObject({ action: 'keep', note: 'cloudnative-pg-0.26.1 of others is there' });
  });

  it('has no part of Zitadel where that is left out', () => {
    const alone = settleStack({ folder: '/stack', zitadel: false });
    expect(Object.keys(actionsOf(alone, { cluster: 'missing', releases: new Map() }))).toEqual([
      ...['cluster', 'openbao', 'network', 'ready'],
    ]);
  });
});
