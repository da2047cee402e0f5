/**
 * The frame of the pages about sources: bar, heading, and the page once everything it needs is there.
 * @module
 */
import { Title } from "@solidjs/meta";
import { type JSX, Show } from "solid-js";
import { Icon } from "../../ui/icon";
import { Refused } from "../shell/breakage";
import { ProjectSwitcher } from "../shell/project-switcher";
import { Main, TopBar } from "../shell/shell";
import { createSourcesSetting, type SourcesSetting } from "./setting";

/** `title` names the page; the children get the setting, and follow it when it changes. */
export function SourcesPage(props: {
  title: string;
  children: (setting: () => SourcesSetting) => JSX.Element;
}): JSX.Element {
  const { setting, problem } = createSourcesSetting();
  return (
    <>
      <Show when={!setting() && problem()}>
        {(refused) => <Refused problem={refused()} retry={() => window.location.reload()} />}
      </Show>
      <Show when={setting()}>
        {(open) => (
          <>
            <Title>
              {props.title} · {open().project.name} · Selvedge
            </Title>
            <TopBar>
              <ProjectSwitcher current={open().project.id} name={open().project.name} />
              <span class="soft">Sources</span>
            </TopBar>
            <Main class="sources-page">{props.children(open)}</Main>
          </>
        )}
      </Show>
    </>
  );
}

/** The way back to all sources. */
export function BackToSources(props: { project: string }): JSX.Element {
  return (
    <a class="back" href={`/projects/${props.project}/sources`}>
      <Icon name="left" size={16} />
      Sources
    </a>
  );
}
