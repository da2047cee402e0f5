/**
 * The frame of the pages about metrics: bar, heading, and the page once everything it needs is there.
 * @module
 */
import { Title } from "@solidjs/meta";
import { type JSX, Show } from "solid-js";
import { Refused } from "../shell/breakage";
import { ProjectSwitcher } from "../shell/project-switcher";
import { Main, TopBar } from "../shell/shell";
import { createMetricsSetting, type MetricsSetting } from "./setting";

/** `title` names the page; the children get the setting, and follow it when it changes. */
export function MetricsPage(props: {
  title: string;
  children: (setting: () => MetricsSetting) => JSX.Element;
}): JSX.Element {
  const { setting, problem } = createMetricsSetting();
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
              <span class="soft">Metrics</span>
            </TopBar>
            <Main class="metrics-page">{props.children(open)}</Main>
          </>
        )}
      </Show>
    </>
  );
}
