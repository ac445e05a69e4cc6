/** A behaviour of Zitadel 4.13 that surprises and that a test may want to do without. */
export interface Quirk {
  /** What happens while it is on. */
  readonly what: string;
  /** Upstream's issue. */
  readonly issue: string;
  /** File of Zitadel it comes from. */
  readonly source: string;
  /** Versions it was seen in. */
  readonly versions: string;
}

/** The switchable quirks; all are on in a new emulator, as they are in the version it follows. */
export const switchableQuirks = {
  freshTargetsSilent: {
    what: 'A target that was never changed since an execution first named it is not called; one UpdateTarget that changes something wakes it.',
    issue: 'zitadel#12185',
    source: 'internal/query/execution_targets.sql',
    versions: '4.15.0 and before',
  },
  packedEventsLost: {
    what: 'Events never reach targets whose payload is JWT or JWE; only the server log tells.',
    issue: 'zitadel#11985',
    source: 'internal/execution/worker.go',
    versions: '4.13.1',
  },
  allCallsIgnored: {
    what: 'An execution for all requests or all responses never runs; those for a method or a service do.',
    issue: 'zitadel#10895',
    source: 'internal/execution/target/router.go',
    versions: '4.x',
  },
  allEventsBreakApi: {
    what: 'While an execution for all events has a target, every API call and every OIDC request fails. Turn it off to remove the execution.',
    issue: 'zitadel#12225',
    source: 'internal/execution/handlers.go',
    versions: '4.11 to 4.15',
  },
} as const satisfies Record<string, Quirk>;

/** Name of a switchable quirk. */
export type QuirkName = keyof typeof switchableQuirks;

/** Which switchable quirks are on. */
export type QuirkSwitches = { readonly [name in QuirkName]: boolean };

/** All on: what the emulated version does. */
export const allQuirks: QuirkSwitches = {
  freshTargetsSilent: true,
  packedEventsLost: true,
  allCallsIgnored: true,
  allEventsBreakApi: true,
};
