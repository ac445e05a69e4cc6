import type { ReactNode, SVGProps } from 'react';
import type { IconName } from './icon-names.ts';

/** Shapes of 16 by 16, drawn as lines in the colour of the text beside them. */
const shapes = {
  check: <path d="M3 8.5 6.5 12 13 4.5" />,
  circleOff: <path d="M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M4.1 11.9l7.8-7.8" />,
  lock: <path d="M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" />,
  mail: <path d="M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5" />,
  clock: <path d="M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.6" />,
  dot: <circle cx="8" cy="8" r="3.2" fill="currentColor" />,
  hand: (
    <path d="M5 8V4a1 1 0 0 1 2 0V3a1 1 0 0 1 2 0v1a1 1 0 0 1 2 0v2a1 1 0 0 1 2 0v4.5A3.5 3.5 0 0 1 9.5 14H8.5C6 14 5 12 3.2 9.4a1 1 0 0 1 1.8-.9" />
  ),
  shieldX: <path d="M8 2 3 4v4c0 3 2 5 5 6 3-1 5-3 5-6V4zM6.3 6.3l3.4 3.4M9.7 6.3 6.3 9.7" />,
  notEqual: <path d="M3.5 6h9M3.5 10h9M10.5 3l-5 10" />,
  handStop: <path d="M5.3 2.5h5.4L14 5.8v4.4l-3.3 3.3H5.3L2 10.2V5.8zM6.3 5.5v5M9.7 5.5v5" />,
  undo: <path d="M6 3.5 3 6.5l3 3M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7" />,
  flag: <path d="M4 14V2.5h8l-2 3 2 3H4" />,
  question: <path d="M6 6a2 2 0 1 1 3 1.7c-.7.4-1 .8-1 1.6M8 12v.2" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  minus: <path d="M4 8h8" />,
  warning: <path d="M8 2.5 14 13H2zM8 6.5v3M8 11.3v.2" />,
  copy: <path d="M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.2 3.2" />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  sun: (
    <path d="M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9" />
  ),
  moon: <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5" />,
  external: <path d="M9 3h4v4M13 3 7.5 8.5M7 4H3v9h9V9" />,
  person: <path d="M8 2.5a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M2.8 14a5.2 5.2 0 0 1 10.4 0" />,
} satisfies Record<IconName, ReactNode>;

/** A picture beside words, never instead of them: screen readers pass it over. */
export function Icon({
  name,
  size = 16,
  ...rest
}: { readonly name: IconName; readonly size?: number } & SVGProps<SVGSVGElement>) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      {...rest}
    >
      {shapes[name]}
    </svg>
  );
}
