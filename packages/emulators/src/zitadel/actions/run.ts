import type { Kernel } from '../kernel.ts';
import type { TargetRow } from '../projections/index.ts';
import { callTarget, type Outbound } from './outbound.ts';
import { payloadType } from './pack.ts';

/** Numbers of a target's kind (internal/domain/target.go). */
export const targetKind = { webhook: 0, call: 1, async: 2 } as const;

/** One call of a target that was tried. */
export interface Delivery {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly targetId: string;
  /** What it was for: an event's type, a function's name, or a method. */
  readonly cause: string;
  /** `expired` events were too old to be delivered, `lost` ones fell to an injected failure. */
  readonly outcome: 'delivered' | 'failed' | 'lost' | 'expired';
}

/** What is sent, and what becomes of a reply. */
export interface ActionMessage {
  readonly cause: string;
  /** The JSON to send; asked anew for every target, since a reply may have changed it. */
  readonly body: () => string;
  /** Takes the reply of a target of kind call. Throws where it makes no sense. */
  readonly take: (reply: string) => void;
  readonly isEvent: boolean;
}

/** What a run of targets works with. */
export interface Runner {
  readonly kernel: Kernel;
  readonly outbound: Outbound;
  readonly record: (delivery: Delivery) => void;
  /** Keeps track of calls that nobody waits for. */
  readonly detach: (call: Promise<unknown>) => void;
}

/**
 * Calls the targets of one execution in order (internal/execution/execution.go, `CallTargets`). A failure ends the run
 * and the call it belongs to only where the target interrupts on errors.
 *
 * @throws {RpcError} what the interrupting target failed with
 */
export async function runTargets(
  runner: Runner,
  targets: readonly TargetRow[],
  message: ActionMessage,
  signal: AbortSignal,
): Promise<void> {
  for (const target of targets) {
    const kind = target.fields.targetType;
    if (kind === targetKind.async) {
      runner.detach(tryTarget(runner, target, message, signal).catch(() => undefined));
      continue;
    }
    const reply = await tryTarget(runner, target, message, signal).catch((error: unknown) => {
      if (target.fields.interruptOnError) throw error;
      return '';
    });
    if (kind === targetKind.call && reply !== '') message.take(reply);
  }
}

async function tryTarget(
  { kernel, outbound, record }: Runner,
  target: TargetRow,
  message: ActionMessage,
  signal: AbortSignal,
): Promise<string> {
  const delivery = { at: kernel.now(), targetId: target.id, cause: message.cause };
  const packed = target.fields.payloadType !== payloadType.json;
  try {
    // Quirk `packedEventsLost`: issue zitadel#11985, internal/execution/worker.go (4.13).
    if (message.isEvent && packed && kernel.controls.quirks.packedEventsLost) {
      throw new RangeError('QUERY-Opoh7 Errors.WebKey.NoActive');
    }
    const reply = await callTarget(kernel, outbound, target, message.body(), signal);
    record({ ...delivery, outcome: 'delivered' });
    return reply;
  } catch (error) {
    record({ ...delivery, outcome: 'failed' });
    throw error;
  }
}
