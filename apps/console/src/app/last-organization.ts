const key = 'drawbridge-organization';

/** Slug of the organization this browser looked at last. */
export function lastOrganization(): string | undefined {
  return localStorage.getItem(key) ?? undefined;
}

export function rememberOrganization(slug: string): void {
  localStorage.setItem(key, slug);
}
