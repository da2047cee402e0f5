/**
 * A project's settings, section by section.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, revalidate, useParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { project } from "../../client/projects";
import { Refused } from "../shell/breakage";
import { ProjectSwitcher } from "../shell/project-switcher";
import { Main, TopBar } from "../shell/shell";
import { DangerZone } from "./danger-zone";
import { DropsSection } from "./drops-section";
import { GeneralSection } from "./general-section";
import { PrivacySection } from "./privacy-section";
import { TrackingSection } from "./tracking-section";

/** Loads the project; the sections save by themselves. */
export function SettingsView(): JSX.Element {
  const params = useParams<{ id: string }>();
  const found = createAsync(() => project(params.id), { deferStream: true });
  const open = () => {
    const result = found();
    return result?.ok ? result.data : undefined;
  };
  const problem = () => {
    const result = found();
    return result && !result.ok ? result.problem : undefined;
  };
  return (
    <>
      <Show when={problem()}>
        {(refused) => <Refused problem={refused()} retry={() => void revalidate(project.key)} />}
      </Show>
      <Show when={open()}>
        {(shown) => (
          <>
            <Title>Settings of {shown().name} · Selvedge</Title>
            <TopBar>
              <ProjectSwitcher current={shown().id} name={shown().name} />
              <span class="soft">Settings</span>
            </TopBar>
            <Main>
              <h1 class="visually-hidden">Settings of {shown().name}</h1>
              <div class="settings">
                <GeneralSection project={shown()} />
                <TrackingSection project={shown()} />
                <PrivacySection project={shown()} />
                <DropsSection project={shown().id} />
                <DangerZone project={shown()} />
              </div>
            </Main>
          </>
        )}
      </Show>
    </>
  );
}
