import { type Caller, type Place, permits, requireDeclared, requirePermission } from '../access.ts';
import type { Kernel } from '../kernel.ts';
import { objectState, type State } from '../projections/index.ts';
import type { AnyDraft, AnyEvent } from '../store/index.ts';
import type { Message } from '../wire/index.ts';
import { timestamp, uint64 } from '../wire/index.ts';

/** An answer before protojson leaves out its defaults. */
export type Answer = { readonly [key: string]: unknown };

/** One method of one service. */
export type Handler = (call: Call, input: Message) => Answer | Promise<Answer>;

/** One call: who calls, and what a handler may do. */
export class Call {
  readonly kernel: Kernel;
  readonly caller: Caller;
  /** Public URL of the instance as the caller named it. */
  readonly issuer: string;

  constructor(kernel: Kernel, caller: Caller, issuer: string) {
    this.kernel = kernel;
    this.caller = caller;
    this.issuer = issuer;
  }

  /** The newest state: commands and the reads that wait for projections. */
  get fresh(): State {
    return this.kernel.fresh;
  }

  /** The state that lists read. */
  get lagging(): State {
    return this.kernel.lagging;
  }

  require(permission: string, organizationId: string, projectId?: string): void {
    requirePermission(this.kernel, this.caller, permission, place(organizationId, projectId));
  }

  /** For methods that declare a permission (`auth_option.permission` in their proto), first of all. */
  requireDeclared(permission: string): void {
    requireDeclared(this.kernel, this.caller, permission);
  }

  permits(permission: string, organizationId: string, projectId?: string): boolean {
    return permits(this.kernel, this.caller, permission, place(organizationId, projectId));
  }

  push(...drafts: readonly AnyDraft[]): AnyEvent {
    const last = this.kernel.push(this.caller.userId, drafts).at(-1);
    if (!last) throw new RangeError('a command without events');
    return last;
  }

  /** Whether an organization exists and takes part; most commands ask first. */
  organizationActive(id: string): boolean {
    return this.fresh.organizations.get(id)?.state === objectState.active;
  }
}

function place(organizationId: string, projectId: string | undefined): Place {
  return projectId === undefined ? { organizationId } : { organizationId, projectId };
}

/** Old-style details of a write: from the newest event (internal/api/grpc/object/v2/converter.go). */
export function detailsOf(event: AnyEvent, createdAt?: number): Answer {
  return {
    sequence: uint64(event.sequence),
    changeDate: timestamp(event.createdAt),
    resourceOwner: event.resourceOwner,
    creationDate: createdAt === undefined ? undefined : timestamp(createdAt),
  };
}
