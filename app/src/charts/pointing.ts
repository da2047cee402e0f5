/**
 * The bucket or the range of buckets selected by mouse, touch or keyboard.
 * @module
 */
import { type Accessor, createSignal } from "solid-js";

export interface Pointing {
  /** Index of the bucket; undefined when none is selected. */
  at: Accessor<number | undefined>;
  /** The bucket at which a range starts; undefined without a range. */
  anchor: Accessor<number | undefined>;
  pointAt: (index: number | undefined) => void;
  /** Starts a range at a bucket. */
  begin: (index: number | undefined) => void;
  /** Ends the range and returns its first and last bucket; undefined without one. */
  take: () => [first: number, last: number] | undefined;
  /** Cancels the range; the bucket stays selected. */
  giveUp: () => void;
  /** Clears the bucket and the range. */
  leave: () => void;
  /** Moves by an arrow key, with shift the end of a range; false for any other key. */
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
