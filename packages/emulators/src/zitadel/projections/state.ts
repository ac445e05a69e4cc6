import type { AnyEvent, OidcLifetimes } from '../store/index.ts';
import { OrderedIds } from './ordered-ids.ts';
import type {
  AdministratorRow,
  ApplicationRow,
  AuthorizationRow,
  ExecutionRow,
  KeyRow,
  LogoutRow,
  OidcSessionRow,
  OrganizationRow,
  PatRow,
  ProjectRow,
  SessionRow,
  TargetRow,
  UserRow,
} from './records.ts';
import { reducers } from './reducers.ts';

/** One web key of the instance, without its private half. */
export interface WebKeyRow {
  readonly id: string;
  readonly alg: string;
  readonly publicKey: string;
  readonly createdAt: number;
  changedAt: number;
  active: boolean;
  /** Whether it was active before. */
  retired: boolean;
}

/** An identity provider of the instance. */
export interface IdpRow {
  readonly id: string;
  readonly createdAt: number;
  readonly sequence: number;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** A user's account at an identity provider. */
export interface IdpLinkRow {
  readonly idpId: string;
  readonly externalId: string;
  readonly name: string;
}

/** Everything the events say, as tables and indexes. Two of them exist at most: the newest, and one that lags behind. */
export class State {
  /** How many events were applied. */
  position = 0;
  /** When the newest applied event happened. */
  timestamp = 0;

  instance = { id: '', name: '', createdAt: 0, changedAt: 0, defaultOrganizationId: '', projectId: '' };
  readonly customDomains = new Map<string, { createdAt: number; primary: boolean; generated: boolean }>();
  readonly trustedDomains = new Map<string, { createdAt: number }>();
  readonly webKeys = new Map<string, WebKeyRow>();
  /** Undefined while the defaults hold. */
  oidcLifetimes: OidcLifetimes | undefined;
  readonly idps = new Map<string, IdpRow>();
  /** By user. */
  readonly idpLinks = new Map<string, readonly IdpLinkRow[]>();

  readonly organizations = new Map<string, OrganizationRow>();
  readonly organizationNames = new Map<string, string>();
  readonly organizationDomains = new Map<string, string>();

  readonly users = new Map<string, UserRow>();
  /** Lower-case username → user id: unique on the instance, whatever its case. */
  readonly usernames = new Map<string, string>();
  readonly usersById = new OrderedIds();
  readonly usersOfOrganization = new Map<string, OrderedIds>();
  /** Grows with every event of a user; what is sorted by a changeable column is good for one version. */
  usersVersion = 0;

  /** First organization of every user id that ever was: a later user of that id lands there. */
  readonly userOwners = new Map<string, string>();
  readonly keys = new Map<string, KeyRow>();
  readonly pats = new Map<string, PatRow>();

  readonly projects = new Map<string, ProjectRow>();
  /** First organization of every project id that ever was. */
  readonly projectOwners = new Map<string, string>();
  /** Ids of projects that were removed, whether or not they are there again. */
  readonly removedProjects = new Set<string>();
  /** `organization/name` → project id. */
  readonly projectNames = new Map<string, string>();
  readonly applications = new Map<string, ApplicationRow>();
  readonly clients = new Map<string, ApplicationRow>();
  /** `project/id` of every OIDC application that ever was: these are never free again in that project. */
  readonly usedOidcApplications = new Set<string>();

  readonly authorizations = new Map<string, AuthorizationRow>();
  /** Unique constraint of authorizations. */
  readonly authorizationKeys = new Map<string, string>();
  readonly authorizationsOfUser = new Map<string, Set<string>>();

  readonly administrators = new Map<string, AdministratorRow>();
  /** Keys of administrators that were, and are no more. */
  readonly formerAdministrators = new Map<string, number>();
  readonly administratorsOfUser = new Map<string, Set<string>>();

  readonly sessions = new Map<string, SessionRow>();
  readonly sessionsOfUser = new Map<string, Set<string>>();
  readonly terminatedSessions = new Map<string, number>();
  readonly oidcSessions = new Map<string, OidcSessionRow>();
  /** Session id → the applications to be told of its end, by set of tokens. */
  readonly logouts = new Map<string, Map<string, LogoutRow>>();
  readonly targets = new Map<string, TargetRow>();
  readonly executions = new Map<string, ExecutionRow>();

  /** User id → position of the event that last ended all of the user's tokens. */
  readonly signedOutAt = new Map<string, number>();

  apply(event: AnyEvent): void {
    this.position++;
    this.timestamp = event.createdAt;
    const reduce = reducers[event.type] as (state: State, event: AnyEvent) => void;
    reduce(this, event);
  }
}
