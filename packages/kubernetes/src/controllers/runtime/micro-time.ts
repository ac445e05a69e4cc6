/** RFC 3339 with six digits of fraction, which is all that Kubernetes takes where it says MicroTime. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}
