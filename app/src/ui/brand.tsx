/**
 * The striped edge of the page and the logo, drawn with tokens, so that they follow theme and brand.
 * @module
 */
import { createUniqueId, type JSX } from "solid-js";

const STRIPE_PX = 24;

/** Fills its box vertically; `moving` animates the stripes. */
export function StripedEdge(props: { moving?: boolean }): JSX.Element {
  const id = createUniqueId();
  return (
    <svg
      class="striped-edge"
      data-moving={props.moving ? "" : undefined}
      width="4"
      height="100%"
      aria-hidden="true"
    >
      <defs>
        <pattern id={id} width="4" height={STRIPE_PX} patternUnits="userSpaceOnUse">
          <rect width="4" height={STRIPE_PX} style={{ fill: "var(--brand)" }} />
          <path d="M0 5 4 2v6l-4 3z" style={{ fill: "var(--accent)" }} />
          <path d="M0 17 4 14v6l-4 3z" style={{ fill: "var(--on-brand)" }} />
        </pattern>
      </defs>
      <rect y={-STRIPE_PX} width="4" height={`calc(100% + ${2 * STRIPE_PX}px)`} fill={`url(#${id})`} />
    </svg>
  );
}

/** The logo: a square in the brand color with a white edge and a dashed line on it. */
export function Logo(props: { size?: number }): JSX.Element {
  return (
    <svg width={props.size ?? 24} height={props.size ?? 24} viewBox="0 0 24 24" aria-hidden="true">
      <clipPath id="mark-clip">
        <rect width="24" height="24" rx="5" />
      </clipPath>
      <g clip-path="url(#mark-clip)">
        <rect width="24" height="24" style={{ fill: "var(--brand)" }} />
        <path
          d="M-2 8 8-2M-2 16 16-2M-2 24 24-2M2 28 26 4M10 28 26 12"
          style={{ stroke: "var(--brand-border)" }}
          stroke-width="3"
        />
        <rect x="15" width="9" height="24" style={{ fill: "var(--on-brand)" }} />
        <path
          d="M19.500-1V25"
          style={{ stroke: "var(--accent)" }}
          stroke-width="2.500"
          stroke-dasharray="4.500 2"
        />
      </g>
    </svg>
  );
}
