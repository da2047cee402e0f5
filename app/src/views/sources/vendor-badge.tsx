/**
 * The badge of a vendor: a square with a serrated edge and the vendor's own pattern. No vendor logos are used.
 * @module
 */
import { createUniqueId, type JSX } from "solid-js";
import type { VendorBadge } from "../../../../schema/wire/source";
import styles from "./vendor-badge.module.css";

/** The outline of a 40 by 40 badge: teeth three units deep along every side. */
const OUTLINE = outline();

function outline(): string {
  const along = Array.from({ length: 13 }, (_, step) => 2 + step * 3);
  const tooth = (step: number) => (step % 2 === 0 ? 3 : 0);
  const top = along.map((at, step) => `${at} ${tooth(step)}`);
  const right = along.map((at, step) => `${40 - tooth(step)} ${at}`);
  const bottom = along.map((at, step) => `${40 - at} ${40 - tooth(step)}`);
  const left = along.map((at, step) => `${tooth(step)} ${40 - at}`);
  return `M${[...top, ...right, ...bottom, ...left].join("L")}Z`;
}

/** Decorative: the vendor's name is shown beside it. `size` in px, 40 by default. */
export function Badge(props: { badge: VendorBadge | undefined; size?: number }): JSX.Element {
  const id = createUniqueId();
  const tile = () => props.badge?.tile ?? 8;
  return (
    <svg
      class={styles.badge}
      width={props.size ?? 40}
      height={props.size ?? 40}
      viewBox="0 0 40 40"
      aria-hidden="true"
      style={{ "--hue": `var(--series-${props.badge?.hue ?? 1})` }}
    >
      <pattern id={id} width={tile()} height={tile()} patternUnits="userSpaceOnUse">
        <path d={props.badge?.path} fill="none" />
      </pattern>
      <path class={styles.ground} d={OUTLINE} />
      <path d={OUTLINE} fill={`url(#${id})`} />
    </svg>
  );
}
