/**
 * Countries shaded by a number. The outlines are 8 KB gzip and load with this module.
 * @module
 */
import { createSignal, For, type JSX, Show } from "solid-js";
import styles from "./charts.module.css";
import world from "./world.json";

/** The box of the map, without the empty Pacific at its edges. */
const LEFT = 130;
const WIDTH = 860;
const LEVELS = 5;
const PATHS: [code: string, path: string][] = Object.entries(world.paths);

/** Number of shades: equal steps of the square root, because one country often has more than all others together. */
function levelOf(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.max(1, Math.ceil(Math.sqrt(value / most) * LEVELS));
}

/** `values` by ISO 3166 code; `words` formats a country with its number. */
export default function WorldMap(props: {
  label: string;
  values: ReadonlyMap<string, number>;
  words: (code: string) => string;
  onPick?: (code: string) => void;
}): JSX.Element {
  const [at, setAt] = createSignal<{ code: string; x: number; y: number }>();
  const most = () => Math.max(0, ...props.values.values());
  const point = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const code = event.target instanceof SVGElement ? event.target.dataset.code : undefined;
    const box = event.currentTarget.getBoundingClientRect();
    setAt(code ? { code, x: event.clientX - box.left, y: event.clientY - box.top } : undefined);
  };
  const pick = (event: MouseEvent) => {
    const code = event.target instanceof SVGElement ? event.target.dataset.code : undefined;
    if (code && props.values.has(code)) props.onPick?.(code);
  };
  return (
    <div class={styles.world}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list beside the map does the same by keyboard */}
      <svg
        viewBox={`${LEFT} 0 ${WIDTH} ${world.height}`}
        role="img"
        aria-label={props.label}
        onPointerMove={point}
        onPointerLeave={() => setAt(undefined)}
        onClick={pick}
      >
        <For each={PATHS}>
          {([code, path]) => (
            <path data-code={code} data-level={levelOf(props.values.get(code) ?? 0, most())} d={path} />
          )}
        </For>
      </svg>
      <Show when={at()}>
        {(spot) => (
          <p
            class={`${styles.chartTip} ${styles.worldTip}`}
            style={{
              left: `${spot().x}px`,
              top: `${spot().y}px`,
              translate: spot().x > 240 ? "calc(-100% - 10px) 10px" : "10px 10px",
            }}
          >
            {props.words(spot().code)}
          </p>
        )}
      </Show>
    </div>
  );
}
