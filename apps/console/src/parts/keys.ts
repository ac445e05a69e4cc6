import { useEffect, useRef } from 'react';

type Handler = () => void;

/** Later ones win, so that what is drawn on top answers first. */
const handlers = new Map<string, Handler[]>();
let prefix: string | undefined;
let listening = false;
/** Whether a dialog was open when the key went down: it may close before the key gets here. */
let inDialog = false;
const prefixMs = 1_200;
const storageKey = 'drawbridge-single-keys';

/** Whether single letters do something (WCAG 2.1.4 asks for a switch). */
export function singleKeysOn(): boolean {
  return localStorage.getItem(storageKey) !== 'off';
}

export function switchSingleKeys(on: boolean): void {
  localStorage.setItem(storageKey, on ? 'on' : 'off');
}

/**
 * Answers keys while the component is there: "j", "g u" (one after the other), "Shift+X", "Mod+k" (Ctrl or ⌘).
 * Keys without a modifier do nothing while somebody types or a dialog is open.
 */
export function useKeys(bindings: Readonly<Record<string, Handler | undefined>>): void {
  const current = useRef(bindings);
  current.current = bindings;
  const names = Object.keys(bindings).join('|');
  useEffect(() => {
    listen();
    const added = names.split('|').map((name) => {
      const handler = () => current.current[name]?.();
      handlers.set(name, [...(handlers.get(name) ?? []), handler]);
      return [name, handler] as const;
    });
    return () => {
      for (const [name, handler] of added) {
        handlers.set(
          name,
          (handlers.get(name) ?? []).filter((each) => each !== handler),
        );
      }
    };
  }, [names]);
}

function listen(): void {
  if (listening) return;
  listening = true;
  window.addEventListener(
    'keydown',
    () => {
      inDialog = document.querySelector('[role="dialog"]') !== null;
    },
    { capture: true },
  );
  document.addEventListener('keydown', onKeyDown);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    run(`Mod+${event.key.toLowerCase()}`, event);
    return;
  }
  if (isTyping(event.target) || inDialog || !singleKeysOn()) return;
  const name = event.shiftKey && /^[A-Z]$/.test(event.key) ? `Shift+${event.key}` : event.key;
  if (prefix !== undefined) {
    const both = `${prefix} ${name}`;
    prefix = undefined;
    run(both, event);
    return;
  }
  if (name === 'g') {
    prefix = 'g';
    setTimeout(() => {
      prefix = undefined;
    }, prefixMs);
    return;
  }
  // Enter and space belong to the button or link that has the focus.
  if (name === 'Enter' && isControl(event.target)) return;
  run(name, event);
}

function run(name: string, event: KeyboardEvent): void {
  const handler = handlers.get(name)?.at(-1);
  if (!handler) return;
  event.preventDefault();
  handler();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)))
  );
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('a, button, input, select, textarea, [role="menuitem"]') !== null
  );
}
