/**
 * What somebody points at on a chart, by mouse, finger or key: a bucket, or a stretch of them.
 * @module
 */
import { type Accessor, createSignal } from "solid-js";

export interface Pointing {
  /** Index of the bucket; undefined while nobody points. */
  at: Accessor<number | undefined>;
  /** Where a stretch was begun. */
  anchor: Accessor<number | undefined>;
  pointAt: (index: number | undefined) => void;
  /** Begins a stretch at a bucket. */
  begin: (index: number | undefined) => void;
  /** Takes the stretch, if there is one: its first and last bucket. */
  take: () => [first: number, last: number] | undefined;
  /** Gives up the stretch, and still points. */
  giveUp: () => void;
  /** Points at nothing. */
  leave: () => void;
  /** Moves by the key, with shift a stretch's end; false for a key that moves nothing. */
  step: (event: KeyboardEvent) => boolean;
}

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -7,
  PageDown: 7,
  Home: -1e6,
  End: 1e6,
};

/** `count` is the number of buckets. */
export function createPointing(count: Accessor<number>): Pointing {
  const [at, setAt] = createSignal<number>();
  const [anchor, setAnchor] = createSignal<number>();
  const clamp = (index: number) => Math.max(0, Math.min(count() - 1, index));
  return {
    at,
    anchor,
    pointAt: setAt,
    begin(index) {
      setAt(index);
      setAnchor(index);
    },
    take() {
      const [from, to] = [anchor(), at()];
      setAnchor(undefined);
      if (from === undefined || to === undefined || from === to) return undefined;
      return [Math.min(from, to), Math.max(from, to)];
    },
    giveUp: () => setAnchor(undefined),
    leave() {
      setAt(undefined);
      setAnchor(undefined);
    },
    step(event) {
      const step = STEPS[event.key];
      if (step === undefined) return false;
      event.preventDefault();
      if (event.shiftKey) setAnchor((from) => from ?? at() ?? count() - 1);
      else setAnchor(undefined);
      setAt((index) => clamp((index ?? (step > 0 ? -1 : count())) + step));
      return true;
    },
  };
}
