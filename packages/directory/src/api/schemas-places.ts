import type { NetbirdPeer } from '@drawbridge/netbird';
import { z } from 'zod';
import type { UserSession } from '../places/index.ts';

const time = z.iso.datetime();

export const sessions = z
  .object({
    at: time,
    items: z.array(
      z.object({
        id: z.string(),
        createdAt: z.string().nullable(),
        lastSeenAt: z.string().nullable(),
        expiresAt: z.string().nullable(),
        userAgent: z.string().nullable(),
        ip: z.string().nullable(),
        factors: z.array(z.string()),
        current: z.boolean().describe('Whether it is the session that asks.'),
      }),
    ),
  })
  .meta({ id: 'Sessions' });
export const devices = z
  .object({
    at: time,
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        os: z.string(),
        ip: z.string(),
        connected: z.boolean(),
        lastSeen: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Devices' });
export const sessionParams = z.object({ id: z.string().max(200), sessionId: z.string().max(200) });
export const ended = z.object({ ended: z.int() });

/** Sessions as the API shows them. */
export function showSessions(
  items: readonly UserSession[],
  now: number,
  current: string | undefined,
): z.infer<typeof sessions> {
  return {
    at: new Date(now).toISOString(),
    items: items.map((one) => ({ ...one, factors: [...one.factors], current: one.id === current })),
  };
}

/** Devices as the API shows them. */
export function showDevices(peers: readonly NetbirdPeer[], now: number): z.infer<typeof devices> {
  return {
    at: new Date(now).toISOString(),
    items: peers.map(({ id, name, os, ip, connected, lastSeen }) => ({
      id,
      name,
      os,
      ip,
      connected,
      lastSeen: lastSeen?.toISOString() ?? null,
    })),
  };
}
