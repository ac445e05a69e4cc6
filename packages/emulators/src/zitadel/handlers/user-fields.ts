import { invalidArgument } from '../errors.ts';
import { invalid, type Message } from '../wire/index.ts';

export const genders = ['GENDER_UNSPECIFIED', 'GENDER_FEMALE', 'GENDER_MALE', 'GENDER_DIVERSE'];
export const accessTokenTypes = ['ACCESS_TOKEN_TYPE_BEARER', 'ACCESS_TOKEN_TYPE_JWT'];
export const userStates = [
  'USER_STATE_UNSPECIFIED',
  'USER_STATE_ACTIVE',
  'USER_STATE_INACTIVE',
  'USER_STATE_DELETED',
  'USER_STATE_LOCKED',
  'USER_STATE_INITIAL',
];

/** How a mail address or phone is to be verified: by a code that is sent or returned, by a word, or not at all. */
export type Verification =
  | { readonly kind: 'send'; readonly urlTemplate: string | undefined }
  | { readonly kind: 'return' }
  | { readonly kind: 'verified' }
  /** `is_verified: false`: unverified, and no code is made. It differs from saying nothing. */
  | { readonly kind: 'unverified' };

/** Reads the oneof `verification`; saying nothing sends a code (internal/api/grpc/user/v2/human.go). */
export function verificationOf(input: Message): Verification {
  const isVerified = input.optionalBool('isVerified');
  if (isVerified !== undefined) return { kind: isVerified ? 'verified' : 'unverified' };
  if (input.has('returnCode')) return { kind: 'return' };
  const urlTemplate = input.message('sendCode')?.optionalString('urlTemplate', { min: 1, max: 200 });
  if (urlTemplate !== undefined && !/^https?:\/\//.test(urlTemplate)) {
    throw invalidArgument('DOMAIN-oGh5e', 'Errors.User.InvalidURLTemplate');
  }
  return { kind: 'send', urlTemplate };
}

/** A mail address as the validators take it. */
export function emailOf(input: Message): string {
  const email = input.string('email', { min: 1, max: 200 });
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('email', 'value must be a valid email address');
  return email;
}

/** A phone number in E.164 (internal/domain/human_phone.go normalises more forms). */
export function phoneOf(input: Message): string {
  const phone = input.string('phone', { min: 1, max: 200 }).replace(/[\s()-]/g, '');
  if (!/^\+\d{5,15}$/.test(phone)) throw invalidArgument('PHONE-so0wa', 'Errors.User.Phone.Invalid');
  return phone;
}

/** The default complexity: 8 characters, both cases, a digit, a symbol (internal/domain/policy_password_complexity.go). */
export function requireComplexPassword(password: string): void {
  if (password.length < 8)
    throw invalidArgument('COMMA-HuJf6', 'Errors.User.PasswordComplexityPolicy.MinLength');
  if (!/[a-z]/.test(password)) {
    throw invalidArgument('COMMA-co3Xw', 'Errors.User.PasswordComplexityPolicy.HasLower');
  }
  if (!/[A-Z]/.test(password)) {
    throw invalidArgument('COMMA-VoaRj', 'Errors.User.PasswordComplexityPolicy.HasUpper');
  }
  if (!/\d/.test(password)) {
    throw invalidArgument('COMMA-ZBv4H', 'Errors.User.PasswordComplexityPolicy.HasNumber');
  }
  if (!/[^A-Za-z0-9]/.test(password)) {
    throw invalidArgument('COMMA-ZDLwA', 'Errors.User.PasswordComplexityPolicy.HasSymbol');
  }
}
