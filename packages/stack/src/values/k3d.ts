import type { StackSettings } from '../settings/index.ts';

/**
 * The cluster as k3d's configuration file says it. The host's port leads to Traefik's plain one: everything behind it is told apart by Host.
 *
 * @see k3d.io/v1alpha5, whose schema refuses what it does not know
 */
export function k3dConfig({ name, port }: Pick<StackSettings, 'name' | 'port'>): object {
  return {
    apiVersion: 'k3d.io/v1alpha5',
    kind: 'Simple',
    metadata: { name },
    servers: 1,
    agents: 0,
    ports: [{ port: `127.0.0.1:${port}:80`, nodeFilters: ['loadbalancer'] }],
    options: {
      k3d: { wait: true, timeout: '180s' },
      // Somebody's own kubeconfig and current context are left alone.
      kubeconfig: { updateDefaultKubeconfig: false, switchCurrentContext: false },
    },
  };
}
