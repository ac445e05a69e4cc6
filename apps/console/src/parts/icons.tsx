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
    <path d="M5 8V4a1 1 0 0 1 2 0V3a1 1 0 0 1 2 0v1a1 1 0 0 1 2 0v2a1 1 0 0 1 2 0v4.5A3.5 3.5 0 0 1 9.500 14H8.500C6 14 5 12 3.200 9.400a1 1 0 0 1 1.800-.9" />
  ),
  shieldX: <path d="M8 2 3 4v4c0 3 2 5 5 6 3-1 5-3 5-6V4zM6.300 6.300l3.400 3.400M9.700 6.300 6.300 9.700" />,
  notEqual: <path d="M3.500 6h9M3.500 10h9M10.500 3l-5 10" />,
  handStop: (
    <path d="M5.300 2.500h5.400L14 5.800v4.400l-3.300 3.300H5.300L2 10.200V5.800zM6.300 5.500v5M9.700 5.500v5" />
  ),
  undo: <path d="M6 3.500 3 6.500l3 3M3 6.500h6.500a3.500 3.500 0 0 1 0 7H7" />,
  flag: <path d="M4 14V2.500h8l-2 3 2 3H4" />,
  question: <path d="M6 6a2 2 0 1 1 3 1.700c-.7.4-1 .8-1 1.600M8 12v.2" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  minus: <path d="M4 8h8" />,
  warning: <path d="M8 2.500 14 13H2zM8 6.500v3M8 11.300v.2" />,
  copy: <path d="M5.500 5.500h8v8h-8zM3 10.500h-.500v-8h8V3" />,
  search: <path d="M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9M10.300 10.300l3.200 3.200" />,
  menu: <path d="M2.500 4.500h11M2.500 8h11M2.500 11.500h11" />,
  sun: (
    <path d="M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600M8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9" />
  ),
  moon: <path d="M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500" />,
  external: <path d="M9 3h4v4M13 3 7.500 8.500M7 4H3v9h9V9" />,
  person: (
    <path d="M8 2.500a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600M2.800 14a5.200 5.200 0 0 1 10.400 0" />
  ),
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
