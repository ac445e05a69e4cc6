import type { GroupBody } from '@drawbridge/netbird';
import { describe, expect, it } from 'vitest';
import { refusal, standIn } from '../support/stand-in.ts';

const group = (id: string, name: string, issued: GroupBody['issued'] = 'api'): GroupBody => ({
  id,
  name,
  issued,
  peers: null,
  peers_count: 0,
  resources: null,
  resources_count: 0,
});

describe('ensuring groups', () => {
  it('lists once and makes what is missing, in the order asked for', async () => {
    const { netbird, sent } = standIn(({ method, body }) =>
      method === 'GET' ? [group('1', 'a')] : group(`new-${(body as { name: string }).name}`, 'x'),
    );
    expect(await netbird.groups.ensure(['b', 'a', 'b'])).toEqual(['new-b', '1', 'new-b']);
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(await netbird.groups.ensure([])).toEqual([]);
  });

  it('takes the group that somebody else made in between', async () => {
    const { netbird } = standIn(({ method }, count) =>
      method === 'POST'
        ? refusal(409, 'group with name a already exists')
        : count === 1
          ? []
          : [group('9', 'a')],
    );
    expect(await netbird.groups.ensure(['a'])).toEqual(['9']);
  });

  it('touches no group of tokens or integrations, and makes nothing before it knows', async () => {
    const { netbird, sent } = standIn(() => [group('1', 'a', 'jwt')]);
    await expect(netbird.groups.ensure(['new', 'a'])).rejects.toMatchObject({
      code: 'netbird_group_foreign',
      saw: 'a (jwt)',
    });
    expect(sent).toHaveLength(1);
  });

  it('prefers ours where a name is there twice', async () => {
    const { netbird } = standIn(() => [group('1', 'a', 'jwt'), group('2', 'a')]);
    expect(await netbird.groups.ensure(['a'])).toEqual(['2']);
  });
});

describe('removing groups', () => {
  it('takes NetBird’s 400 for an unknown group for removed, and no other', async () => {
    const unknown = standIn(() => refusal(400, 'group: G1 not found'));
    await unknown.netbird.groups.remove('G1');
    const linked = standIn(() => refusal(400, 'group has been linked to user: 312'));
    await expect(linked.netbird.groups.remove('G1')).rejects.toMatchObject({ code: 'netbird_group_linked' });
    const other = standIn(() => refusal(400, 'group: G2 not found'));
    await expect(other.netbird.groups.remove('G1')).rejects.toMatchObject({ code: 'netbird_not_found' });
  });
});
