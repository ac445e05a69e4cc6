import { type ReactNode, startTransition, useEffect, useState } from 'react';

/** Whether what was drawn first has been painted: then there is time for what is not seen at once. */
export function usePainted(): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setPainted(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);
  return painted;
}

/** The lower part of a page, drawn once the upper one is seen. Nothing may stand below it, or that would jump. */
export function Later({ children }: { readonly children: ReactNode }) {
  return usePainted() ? children : null;
}
