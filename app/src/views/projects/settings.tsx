/**
 * The settings of a project, by section.
 * @module
 */
import { createAsync, revalidate, useParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { dataOf, problemOf } from "../../client/http";
import { project } from "../../client/projects";
import { Notice } from "../../ui/notice";
import { atLeast, createRole } from "../organizations/roles";
import { Loaded } from "../shell/loaded";
import { ProjectPage } from "../shell/project-page";
import { DangerZone } from "./danger-zone";
import { DropsSection } from "./drops-section";
import { GeneralSection } from "./general-section";
import { MoneySection } from "./money-section";
import { PrivacySection } from "./privacy-section";
import styles from "./projects.module.css";
import { TrackingSection } from "./tracking-section";

/** Loads the project; each section saves its own changes. */
export function SettingsView(): JSX.Element {
  const params = useParams<{ id: string }>();
  const found = createAsync(() => project(params.id), { deferStream: true });
  const role = createRole(() => dataOf(found())?.organization_id);
  const locked = () => !atLeast(role(), "admin");
  return (
    <Loaded data={dataOf(found())} problem={problemOf(found())} retry={() => void revalidate(project.key)}>
      {(shown) => (
        <ProjectPage project={shown()} title={`Settings · ${shown().name}`} place="Settings">
          <h1 class="visually-hidden">Settings of {shown().name}</h1>
          <Show when={locked() && role()}>
            <div class={styles.settingsLock}>
              <Notice title="You can view these settings, but not change them">
                Your role is {role()}. Only admins and owners of{" "}
                <a href={`/organizations/${shown().organization_id}#members`}>the organization</a> can change
                settings and keys.
              </Notice>
            </div>
          </Show>
          <div class="settings">
            <GeneralSection project={shown()} locked={locked()} />
            <TrackingSection project={shown()} locked={locked()} />
            <MoneySection project={shown()} locked={locked()} />
            <PrivacySection project={shown()} locked={locked()} />
            <DropsSection project={shown().id} locked={locked()} />
            <DangerZone project={shown()} locked={!atLeast(role(), "owner")} />
          </div>
        </ProjectPage>
      )}
    </Loaded>
  );
}
