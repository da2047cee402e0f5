/**
 * Every vendor is a cloth of its own: a swatch with pinked edges, woven in its own way. Nothing of a vendor's mark is used.
 * @module
 */
import { createUniqueId, type JSX } from "solid-js";
import type { DriverName } from "../../../../schema/wire/source";

/** A weave: the side of its repeat in units of the drawing, and the floats that lie on top. */
interface Weave {
  repeat: number;
  path: string;
  hue: number;
}

const WEAVES: Record<DriverName, Weave> = {
  // Twill, a diagonal to the right.
  google_ads: { repeat: 6, path: "M-1 7 7-1M-1 1 1-1M5 7 7 5", hue: 1 },
  // Herringbone, twill that turns.
  meta_ads: { repeat: 10, path: "M0 5 5 0 10 5M0 10 5 5 10 10", hue: 8 },
  // Basket, two over two.
  linkedin_ads: { repeat: 8, path: "M0 1h4M0 3h4M5 4v4M7 4v4M4 1h0M1 4v0", hue: 3 },
  // Houndstooth, four dark and four light.
  hubspot: { repeat: 8, path: "M0 2h4M0 0h4M2 4v4M4 4l4-4M6 6l2-2", hue: 7 },
  // Shirting, stripes of two widths.
  stripe: { repeat: 8, path: "M2 0v8M6 0v8M7 0v8", hue: 4 },
  // Plain weave.
  http: { repeat: 6, path: "M0 1.500h3M3 4.500h3M1.500 3v3M4.500 0v3", hue: 6 },
  // Windowpane.
  csv: { repeat: 8, path: "M0 4h8M4 0v8", hue: 5 },
  // Cord, ribs across.
  webhook: { repeat: 6, path: "M0 1h6M0 4h6M0 5h6", hue: 2 },
};

/** The pinked outline of a 40 by 40 swatch: teeth three units deep along every side. */
const PINKED = outline();

function outline(): string {
  const along = Array.from({ length: 13 }, (_, step) => 2 + step * 3);
  const tooth = (step: number) => (step % 2 === 0 ? 3 : 0);
  const top = along.map((at, step) => `${at} ${tooth(step)}`);
  const right = along.map((at, step) => `${40 - tooth(step)} ${at}`);
  const bottom = along.map((at, step) => `${40 - at} ${40 - tooth(step)}`);
  const left = along.map((at, step) => `${tooth(step)} ${40 - at}`);
  return `M${[...top, ...right, ...bottom, ...left].join("L")}Z`;
}

/** Decorative: the vendor's name stands beside it. `size` in px, 40 by default. */
export function Swatch(props: { driver: DriverName; size?: number }): JSX.Element {
  const id = createUniqueId();
  const weave = () => WEAVES[props.driver];
  return (
    <svg
      class="fabric"
      width={props.size ?? 40}
      height={props.size ?? 40}
      viewBox="0 0 40 40"
      aria-hidden="true"
      style={{ "--hue": `var(--series-${weave().hue})` }}
    >
      <pattern id={id} width={weave().repeat} height={weave().repeat} patternUnits="userSpaceOnUse">
        <path d={weave().path} fill="none" />
      </pattern>
      <path class="fabric-ground" d={PINKED} />
      <path d={PINKED} fill={`url(#${id})`} />
    </svg>
  );
}
