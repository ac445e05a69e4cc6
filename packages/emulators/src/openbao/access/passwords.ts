import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** Cheap on purpose: tests sign in often, and nothing real is behind these passwords. */
const cost = { N: 1_024 };

/** A password as salt and scrypt hash; upstream uses bcrypt (builtin/credential/userpass/path_user_password.go). */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${scryptSync(password, salt, 32, cost).toString('hex')}`;
}

/** Whether a password is the one that was hashed. */
export function isPassword(password: string, hash: string): boolean {
  const [salt = '', wanted = ''] = hash.split(':');
  const expected = Buffer.from(wanted, 'hex');
  const given = scryptSync(password, Buffer.from(salt, 'hex'), 32, cost);
  return expected.length === given.length && timingSafeEqual(given, expected);
}
