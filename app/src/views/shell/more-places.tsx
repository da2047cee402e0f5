/**
 * "More" in the bottom bar of small screens: the remaining places and the theme.
 * @module
 */
import { A } from "@solidjs/router";
import { For, type JSX } from "solid-js";
import { Icon } from "../../ui/icon";
import type { Place } from "./places";
import styles from "./shell.module.css";

/** A native disclosure; closes when a place is chosen. */
export function MorePlaces(props: { places: readonly Place[]; children: JSX.Element }): JSX.Element {
  let menu!: HTMLDetailsElement;
  return (
    <details class={styles.more} ref={menu}>
      <summary class={styles.railLink}>
        <Icon name="more" />
        <span>More</span>
      </summary>
      <ul class={styles.moreList}>
        <For each={props.places}>
          {(place) => (
            <li>
              <A
                href={place.href}
                end={place.end ?? false}
                class={styles.moreLink}
                onClick={() => menu.removeAttribute("open")}
              >
                <Icon name={place.icon} />
                {place.label}
              </A>
            </li>
          )}
        </For>
        <li>{props.children}</li>
      </ul>
    </details>
  );
}
