/** Waits until a condition holds: asked again and again, for at most five seconds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = 'the condition',
): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come true in time`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
