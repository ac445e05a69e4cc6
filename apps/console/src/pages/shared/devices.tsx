import { useQuery } from '@tanstack/react-query';
import { type Devices as DeviceList, devicesQuery } from '../../api/index.ts';
import { type Column, Copyable, DataTable, Empty, Remote, StateBadge, Time } from '../../parts/index.ts';

const columns: readonly Column<DeviceList['items'][number]>[] = [
  { key: 'name', title: 'Peer', render: ({ name }) => name },
  { key: 'os', title: 'System', render: ({ os }) => os ?? '–' },
  {
    key: 'connected',
    title: 'Connected',
    render: ({ connected }) => (connected ? <StateBadge state="active" detail="connected" /> : 'no'),
  },
  { key: 'seen', title: 'Last seen', render: ({ lastSeen }) => <Time at={lastSeen} /> },
  {
    key: 'ip',
    title: 'Address',
    minor: true,
    render: ({ ip }) => (ip ? <Copyable value={ip} label="address" /> : '–'),
  },
];

/** A user's peers in NetBird; without an id, one's own. */
export function Devices({ userId }: { readonly userId?: string }) {
  const query = useQuery(devicesQuery(userId));
  return (
    <Remote query={query} what="The devices" from="NetBird" rows={4}>
      {({ items, at }) =>
        items.length === 0 ? (
          <Empty>
            No device has joined NetBird as this user. It appears here once NetBird’s client signs in.
          </Empty>
        ) : (
          <DataTable
            label="Devices"
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            foot={
              <span>
                Read from NetBird <Time at={at} />
              </span>
            }
          />
        )
      }
    </Remote>
  );
}
