/**
 * The app's icons: 20 px, one stroke width, drawn in the color of the surrounding text.
 * @module
 */
import type { JSX } from "solid-js";

const PATHS = {
  chart: "M3 16.5h14M5 13V9.5M8.5 13V5.5M12 13V8M15.5 13V4",
  live: "M10 10h.01M6.8 13.2a4.5 4.5 0 0 1 0-6.4M13.2 6.8a4.5 4.5 0 0 1 0 6.4M4.3 15.7a8 8 0 0 1 0-11.4M15.7 4.3a8 8 0 0 1 0 11.4",
  settings: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
  projects: "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z",
  account: "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4M4 16.8c.6-3 3-4.6 6-4.6s5.400 1.600 6 4.600",
  close: "M5.500 5.500l9 9M14.500 5.500l-9 9",
  down: "M6 8l4 4 4-4",
  left: "M12 5l-5 5 5 5",
  right: "M8 5l5 5-5 5",
  plus: "M10 4v12M4 10h12",
  check: "M4.500 10.500l3.500 3.500 7.500-8",
  copy: "M7 7h9v9H7zM13 7V4H4v9h3",
  filter: "M3 5h14M6 10h8M8.500 15h3",
  calendar: "M3.500 5h13v11.500h-13zM3.500 8.500h13M7 3v3.500M13 3v3.500",
  compare: "M3 13.500c3-7 5 1 8-4s4-4 6-4M3 16.500h.01M6 16.500h.01M9 16.500h.01M12 16.500h.01M15 16.500h.01",
  share:
    "M8 11.500l4-4M8.500 6.500l1.700-1.700a3.250 3.250 0 0 1 4.600 4.600L13 11M11.500 13.500l-1.700 1.700a3.250 3.250 0 0 1-4.600-4.600L7 9",
  sun: "M10 13.200a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400M10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M15.300 4.700l-1 1M5.700 14.300l-1 1",
  moon: "M16.500 11.800A6.800 6.800 0 0 1 8.200 3.500a6.800 6.800 0 1 0 8.300 8.300z",
  system: "M3 4.500h14v9H3zM7.500 16.500h5M10 13.500v3",
  key: "M12.500 10.700a3.700 3.700 0 1 0-3.600-2.900L3.500 13.200v3h3v-2h2v-2l1.300-1.300",
  pause: "M7 5v10M13 5v10",
  play: "M6.500 4.500v11l9-5.500z",
  table: "M3.500 4.500h13v11h-13zM3.500 8.200h13M3.500 11.900h13M8.500 8.200v7.300",
  warn: "M10 3.500l7.200 12.500H2.800zM10 8.500v3.500M10 14.200h.01",
  info: "M10 16.800a6.800 6.800 0 1 0 0-13.600 6.800 6.800 0 0 0 0 13.600M10 9.500v4M10 6.800h.01",
  bin: "M4 6h12M8 6V4h4v2M5.500 6l.8 10.500h7.400L14.500 6",
  restore: "M4 5v4h4M4.500 9a6 6 0 1 1 .2 3.800",
  up: "M10 15V5M6 9l4-4 4 4",
  fall: "M10 5v10M6 11l4 4 4-4",
  search: "M9 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10M12.700 12.700L16.500 16.500",
  rail: "M3.500 4.500h13v11h-13zM8 4.500v11",
  out: "M8 4H4v12h4M8.500 10h8M13.500 7l3 3-3 3",
  keyboard: "M2.500 6h15v8.500h-15zM5.500 9h.01M8.500 9h.01M11.500 9h.01M14.500 9h.01M7 11.800h6",
  discussion: "M3.500 4.500h13v9.500H9l-3.500 3v-3h-2z",
  flag: "M5.500 17V3.500M5.500 4h9l-2.200 3.300 2.200 3.200h-9",
  globe:
    "M10 16.800a6.800 6.800 0 1 0 0-13.600 6.800 6.800 0 0 0 0 13.600M3.400 10h13.200M10 3.200c2.600 2.200 2.600 11.400 0 13.600M10 3.200c-2.600 2.200-2.600 11.400 0 13.600",
  seal: "M10 2.800l2 1.500 2.500-.1.700 2.400 2 1.500-.9 2.300.9 2.300-2 1.500-.7 2.400-2.500-.1-2 1.500-2-1.500-2.500.1-.7-2.400-2-1.500.9-2.300-.9-2.300 2-1.500.7-2.400 2.500.1zM7.300 10.200l1.900 1.900 3.500-3.900",
  lock: "M5 9.500h10v7H5zM7 9.500V7a3 3 0 0 1 6 0v2.500",
  formula: "M14.500 4.500h-8l4.500 5.500-4.500 5.500h8",
  dashboards: "M3.500 3.500h7v6h-7zM13.500 3.500h3v6h-3zM3.500 12.500h3v4h-3zM9.500 12.500h7v4h-7z",
  sources:
    "M3.5 5.500c4 0 4 4.500 8 4.500M3.500 10h8M3.500 14.500c4 0 4-4.500 8-4.500M11.500 10h1.500M13 7.500h3.500v5H13z",
  bell: "M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4zM8.500 17h3M10 4.500V3",
  edit: "M4 16l.8-3.500L13.300 4l2.700 2.700-8.500 8.500zM11.500 5.800l2.700 2.700",
  full: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  shrink: "M8 4v4H4M16 8h-4V4M12 16v-4h4M4 12h4v4",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  text: "M4 5h12M4 8.500h12M4 12h12M4 15.500h7",
} as const;
export type IconName = keyof typeof PATHS;

/** One icon; decorative unless `label` is given. `size` in px, 20 by default. */
export function Icon(props: { name: IconName; size?: number; label?: string }): JSX.Element {
  return (
    <svg
      width={props.size ?? 20}
      height={props.size ?? 20}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      role={props.label ? "img" : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : "true"}
    >
      <path d={PATHS[props.name]} />
    </svg>
  );
}
