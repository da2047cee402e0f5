/**
 * The current project, and a menu of the others.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { For, type JSX } from "solid-js";
import { dataOf } from "../../client/http";
import { projects } from "../../client/projects";
import { Icon } from "../../ui/icon";
import { Menu, MenuLink } from "../../ui/menu";
import styles from "./shell.module.css";

/** `current` is the project's id, `name` its name. */
export function ProjectSwitcher(props: { current: string; name: string }): JSX.Element {
  const list = createAsync(() => projects(), { deferStream: true });
  const others = () => dataOf(list())?.data ?? [];
  return (
    <Menu
      label={`Project ${props.name}. Switch`}
      class={styles.switcher}
      kind="quiet"
      trigger={
        <>
          <b>{props.name}</b>
          <Icon name="down" size={16} />
        </>
      }
    >
      <For each={others()}>
        {(each) => (
          <MenuLink href={`/projects/${each.id}`} current={each.id === props.current}>
            <span>{each.name}</span>
            <span class="soft small">{each.domain?.split(",")[0] ?? ""}</span>
          </MenuLink>
        )}
      </For>
      <hr class="menu-line" />
      <MenuLink href="/projects">All projects</MenuLink>
    </Menu>
  );
}
