/**
 * State shared by the shell and its pages: shortcuts, and whether live data is arriving.
 * @module
 */
import { type Accessor, createContext, createSignal, onCleanup, useContext } from "solid-js";
import type { Shortcuts } from "../../primitives/shortcuts";

/** How long the stripes move after data arrived. */
const ARRIVING_MS = 2500;

export interface Frame {
  /** True while live data arrives; animates the stripes. */
  arriving: Accessor<boolean>;
  /** Reports that data arrived. */
  arrived: () => void;
  /** Shortcuts of the current page. */
  shortcuts: Accessor<Shortcuts>;
  setShortcuts: (shortcuts: Shortcuts) => void;
}

/** Creates the state of a shell. */
export function createFrame(): Frame {
  const [arriving, setArriving] = createSignal(false);
  const [shortcuts, setShortcuts] = createSignal<Shortcuts>({});
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  return {
    arriving,
    arrived() {
      setArriving(true);
      clearTimeout(timer);
      timer = setTimeout(() => setArriving(false), ARRIVING_MS);
    },
    shortcuts,
    setShortcuts: (next) => setShortcuts(() => next),
  };
}

export const FrameContext = createContext<Frame>();

/** The state of the shell around the current page. */
export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (!frame) throw new Error("useFrame outside the shell: render the page inside <Shell>");
  return frame;
}

/** Adds shortcuts while the calling page is open. */
export function usePageShortcuts(shortcuts: Shortcuts): void {
  const frame = useFrame();
  frame.setShortcuts(shortcuts);
  onCleanup(() => frame.setShortcuts({}));
}
