/**
 * A removable condition.
 * @module
 */
import type { JSX } from "solid-js";
import { Icon } from "./icon";

/** `name` is announced after "Remove". */
export function Chip(props: { name: string; onRemove: () => void; children: JSX.Element }): JSX.Element {
  return (
    <li class="chip">
      <span>{props.children}</span>
      <button type="button" aria-label={`Remove: ${props.name}`} onClick={() => props.onRemove()}>
        <Icon name="close" size={14} />
      </button>
    </li>
  );
}
