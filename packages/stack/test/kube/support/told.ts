/** Hears why something is waited for. */
export function told() {
  const reasons: string[] = [];
  return { reasons, onWaiting: (why: string) => void reasons.push(why) };
}
