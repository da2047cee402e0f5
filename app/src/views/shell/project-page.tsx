/**
 * The layout of a project's page: document title, bar, content.
 * @module
 */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { ProjectSwitcher } from "./project-switcher";
import { Main, TopBar } from "./shell";

/** `title` is the document title, `place` the label in the bar; `class` is for the content. */
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
