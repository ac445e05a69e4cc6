import type { ZitadelState } from '../database/index.ts';
import type { SettingValues } from '../settings/index.ts';

/** Which side wins where both changed a user. */
export type ConflictRule = SettingValues['sync.conflictRule'];

/** How a user stands here. */
export interface Here {
  readonly active: boolean;
  /** Whether the directory itself is who deactivated the user in Zitadel. */
  readonly deactivatedHere: boolean;
}

/** How the user stands in Zitadel, read by id: `deleted` is said only where absence was proved. */
export interface There {
  readonly says: ZitadelState;
  /**
   * Whose mark the user has there for having been deactivated. The directory takes its mark away when it activates
   * somebody: an active user who still has it was activated by somebody else.
   */
  readonly mark: 'directory' | 'controller' | 'none';
}

/** What is to be done about a user. */
export type Decision =
  | { readonly do: 'keep' }
  /** Nobody may act here whom Zitadel does not let in. */
  | { readonly do: 'deactivate'; readonly deactivatedHere: boolean }
  /** `overruled`: the directory had deactivated the user, and its word does not count. */
  | { readonly do: 'activate'; readonly overruled: boolean }
  /** Zitadel's word does not count: the directory deactivates the user there again. */
  | { readonly do: 'enforce' };

const keep: Decision = { do: 'keep' };

/**
 * What becomes of a user who stands one way here and another in Zitadel: the one place where that is decided. The table is
 * in `docs/status.md`.
 */
export function decide(here: Here, there: There, rule: ConflictRule): Decision {
  switch (there.says) {
    case 'active':
      if (here.active) return keep;
      if (!here.deactivatedHere) return { do: 'activate', overruled: false };
      // Without the mark the directory itself has activated the user, and what is written here is older than that.
      if (there.mark !== 'directory') return { do: 'activate', overruled: false };
      return rule === 'stricter' ? { do: 'enforce' } : { do: 'activate', overruled: true };
    case 'inactive':
      return here.active ? { do: 'deactivate', deactivatedHere: there.mark === 'directory' } : keep;
    case 'deleted':
      return here.active ? { do: 'deactivate', deactivatedHere: false } : keep;
    // Zitadel lets neither in; that is shown, and changes nothing here, since neither is anybody's decision to end it.
    case 'locked':
    case 'initial':
    case 'unknown':
      return keep;
  }
}
