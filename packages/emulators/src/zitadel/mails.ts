/** A message that a real instance would have sent. */
export interface SentMail {
  readonly kind: 'email-verification' | 'invite' | 'password-reset' | 'phone-verification';
  readonly userId: string;
  /** Mail address, or phone number for a phone's code. */
  readonly to: string;
  readonly code: string;
  /** The template's link with its placeholders filled in; undefined where the caller gave no template. */
  readonly url: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Fills in Zitadel's Go template: `{{.UserID}}`, `{{.OrgID}}`, `{{.Code}}` (internal/domain/url_template.go). */
export function renderUrl(
  template: string | undefined,
  values: { readonly UserID: string; readonly OrgID: string; readonly Code: string },
): string | undefined {
  return template?.replace(/\{\{\s*\.(UserID|OrgID|Code)\s*\}\}/g, (_match, name: keyof typeof values) =>
    encodeURIComponent(values[name]),
  );
}
