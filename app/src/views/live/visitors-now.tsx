/**
 * The number of visitors online, and a dot that pulses while connected.
 * @module
 */
import { type JSX, Show } from "solid-js";
import type { LinkState } from "../../client/socket";
import { exact } from "../../ui/format";
import { locale } from "../../ui/locale";
import type { Live } from "./create-live";
import styles from "./live.module.css";

const LINK: Record<LinkState, string> = {
  connecting: "connecting",
  open: "live",
  waiting: "reconnecting",
  full: "too many live viewers",
  refused: "live unavailable",
};

/** Links to the feed. */
export function VisitorsNow(props: { live: Live }): JSX.Element {
  const open = () => props.live.link() === "open" && props.live.visitorsNow() !== null;
  return (
    <a class="now" href="#live" title="Visitors in the last 5 minutes">
      <i class={styles.pulse} data-link={props.live.link()} />
      <Show when={open()} fallback={<span class="soft">{LINK[props.live.link()]}</span>}>
        <b>{exact(props.live.visitorsNow() ?? 0, locale())}</b>
        <span class="soft now-word">online</span>
      </Show>
    </a>
  );
}
