/**
 * The frame of a page of a project: what its window is called, its bar, its content.
 * @module
 */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { ProjectSwitcher } from "./project-switcher";
import { Main, TopBar } from "./shell";

/** `title` names the window, `place` the part of the project in the bar; `class` is the content's. */
export function ProjectPage(props: {
  project: Project;
  title: string;
  place: string;
  class?: string;
  children: JSX.Element;
}): JSX.Element {
  return (
    <>
      <Title>{props.title} · Selvedge</Title>
      <TopBar>
        <ProjectSwitcher current={props.project.id} name={props.project.name} />
        <span class="soft">{props.place}</span>
      </TopBar>
      <Main class={props.class}>{props.children}</Main>
    </>
  );
}
