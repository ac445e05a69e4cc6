/** Injected trouble with the delivery of events to targets. Upstream has none of it on purpose, and all of it at times. */
export interface WebhookFaults {
  /** Whether deliveries wait; events grow old meanwhile and are dropped after five minutes. Default false. */
  readonly paused: boolean;
  /** How many of the next events are lost. Default 0. */
  readonly loseNext: number;
  /** How many of the next events are delivered twice. Default 0. */
  readonly repeatNext: number;
  /** How many of the next events are overtaken by the one after them. Default 0. */
  readonly delayNext: number;
  /** Share of events that are lost, 0 to 1. Default 0. */
  readonly loseRate: number;
  /** Share of events that are delivered twice. Default 0. */
  readonly repeatRate: number;
  /** Share of events that are overtaken. Default 0. */
  readonly delayRate: number;
}

/** What becomes of one event's delivery. */
export type WebhookFate = 'normal' | 'lost' | 'twice' | 'late';

/** A world without trouble. */
export const noWebhookFaults: WebhookFaults = {
  paused: false,
  loseNext: 0,
  repeatNext: 0,
  delayNext: 0,
  loseRate: 0,
  repeatRate: 0,
  delayRate: 0,
};

/** Counts one event down and says what becomes of it. What is ordered by number goes before what happens by chance. */
export function drawFate(
  faults: WebhookFaults,
  random: () => number,
): { readonly fate: WebhookFate; readonly left: WebhookFaults } {
  if (faults.loseNext > 0) return { fate: 'lost', left: { ...faults, loseNext: faults.loseNext - 1 } };
  if (faults.repeatNext > 0) return { fate: 'twice', left: { ...faults, repeatNext: faults.repeatNext - 1 } };
  if (faults.delayNext > 0) return { fate: 'late', left: { ...faults, delayNext: faults.delayNext - 1 } };
  if (random() < faults.loseRate) return { fate: 'lost', left: faults };
  if (random() < faults.repeatRate) return { fate: 'twice', left: faults };
  return { fate: random() < faults.delayRate ? 'late' : 'normal', left: faults };
}
