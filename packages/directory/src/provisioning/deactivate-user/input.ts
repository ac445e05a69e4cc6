/** What a run that changes a user's state was asked for, as stored with it. */
export interface StateInput {
  /** Subject of who asked. */
  readonly actor: string;
  readonly reason?: string;
}
