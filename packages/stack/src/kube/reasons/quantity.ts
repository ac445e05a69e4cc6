const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * Bytes of a quantity such as `512Mi`, `1.5Gi` or `1e9`; undefined where it is none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function bytesOf(quantity: string): number | undefined {
  const [, digits, exponent, suffix = ''] =
    /^\+?(\d+(?:\.\d*)?|\.\d+)(?:(e[+-]?\d{1,2})|([mkMGTPE]|[KMGTPE]i))?$/i.exec(quantity) ?? [];
  const factor = factors[suffix];
  return digits === undefined || factor === undefined
    ? undefined
    : Number(digits + (exponent ?? '')) * factor;
}

/** Bytes for a person: `512 MiB`, `2.0 GiB`. */
export function bytesText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
