import type { WishedAccount, ZitadelWish } from './wish/index.ts';

/** Keys of the ledger. */
export const keyOf = {
  project: (name: string) => `project/${name}`,
  role: (project: string, role: string) => `role/${project}/${role}`,
  grant: (project: string, organizationId: string) => `grant/${project}/${organizationId}`,
  application: (project: string, name: string) => `application/${project}/${name}`,
  account: (name: string) => `account/${name}`,
  target: (name: string) => `target/${name}`,
  /** A key or secret of an account or an application, whose own ledger key is given. */
  credential: (holder: string) => `credential/${holder}`,
};

/** Own ids: a repeat meets what is there, and they are known before anything is made. */
export function projectId(wish: ZitadelWish, name: string): string {
  return wish.projects[name]?.id ?? name;
}

export function accountId(owner: string, name: string): string {
  return `${owner}-${name}`;
}

export function usernameOf(owner: string, name: string, { username }: WishedAccount): string {
  return username ?? accountId(owner, name);
}

/** An id that was ever used is used for good, so a later one gets a number. */
export function applicationId(project: string, name: string, attempt = 1): string {
  return attempt === 1 ? `${project}-${name}` : `${project}-${name}-${attempt}`;
}

export function targetName(owner: string, name: string): string {
  return `${owner}-${name}`;
}
