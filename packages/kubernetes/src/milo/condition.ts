/** What is so of an object at present. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/condition/ */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** Generation of the spec that was looked at. */
  readonly observedGeneration?: number;
  /** Changes with the status alone. */
  readonly lastTransitionTime: string;
  /** One word in camel case, for programs. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
}

/** Whether somebody or something may be used. */
export type State = 'Active' | 'Inactive';
