import { describe, expect, it } from 'vitest';
import { maskLog } from '../../src/kube/wait/mask-log.ts';

describe('what an error quotes of a log', () => {
  it.each([
    [`bearer eyJhbGciOi.${'a1B'.repeat(9)}.sig`, 'bearer [redacted]'],
    ['client token: hvs.CAESIJ0123456789abcdefghij', 'client token: [redacted]'],
    ['unseal with s.0123456789abcdefghijklmn', 'unseal with [redacted]'],
    ['{"password":"hunter 2","user":"a"}', '{"password":[redacted],"user":"a"}'],
    ['masterkey=MasterkeyNeedsToHave32Characters', 'masterkey=[redacted]'],
    ['postgres://app:hunter2@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\nend', '[redacted]\nend'],
    [`key ${'0a'.repeat(32)}`, 'key [redacted]'],
  ])('%s', (log, quoted) => {
    expect(maskLog(log)).toBe(quoted);
  });

  it.each([
    'open /var/run/secrets/kubernetes.io/serviceaccount: no such file',
    'lookup cnpg-cloudnative-pg-webhook-service-internal.cnpg-system.svc: no such host',
    'migration 14_add_columns_for_the_new_login_policies failed',
  ])('keeps %s', (log) => {
    expect(maskLog(log)).toBe(log);
  });
});
