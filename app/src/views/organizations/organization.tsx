/**
 * The page of an organization: name, members, invitations, projects.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, revalidate, useParams } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { OrganizationDetail } from "../../../../schema/wire/organization";
import { me } from "../../client/accounts";
import { dataOf, problemOf } from "../../client/http";
import { createForm, textOf } from "../../client/mutation";
import { organization, organizations, renameOrganization } from "../../client/organizations";
import { projects } from "../../client/projects";
import { TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { SaveButton } from "../../ui/save-button";
import { Section } from "../../ui/section";
import { Loaded } from "../shell/loaded";
import { Main, TopBar } from "../shell/shell";
import { EndSection } from "./end-section";
import { InvitationsSection } from "./invitations-section";
import { MembersSection } from "./members-section";
import { atLeast, ROLES } from "./roles";

/** Loads the organization; each section saves its own changes. */
export function OrganizationView(): JSX.Element {
  const params = useParams<{ organization: string }>();
  const found = createAsync(() => organization(params.organization), { deferStream: true });
  return (
    <Loaded
      data={dataOf(found())}
      problem={problemOf(found())}
      retry={() => void revalidate(organization.key)}
    >
      {(shown) => (
        <>
          <Title>{shown().name} · Selvedge</Title>
          <TopBar>
            <h1 class="top-title">{shown().name}</h1>
            <span class="soft">Your role: {ROLES[shown().role].name.toLowerCase()}</span>
          </TopBar>
          <Main>
            <div class="settings">
              <NameSection organization={shown()} />
              <MembersSection organization={shown()} />
              <Show when={atLeast(shown().role, "admin")}>
                <InvitationsSection organization={shown()} />
              </Show>
              <ProjectsSection organization={shown().id} />
              <EndSection organization={shown()} />
            </div>
          </Main>
        </>
      )}
    </Loaded>
  );
}

function NameSection(props: { organization: OrganizationDetail }): JSX.Element {
  const saving = createForm((form) => renameOrganization(props.organization.id, textOf(form, "name")), {
    revalidate: [organization.key, organizations.key, me.key],
  });
  const locked = () => !atLeast(props.organization.role, "admin");
  return (
    <Section
      title="General"
      about="An organization owns projects and metrics and controls who can access them."
    >
      <form class="form" onSubmit={saving.submit}>
        <fieldset class="form" disabled={locked()}>
          <ProblemNotice problem={saving.formProblem()} />
          <TextField
            label="Name"
            name="name"
            required
            maxlength={120}
            value={props.organization.name}
            hint={locked() ? "Only admins and owners can change the name." : undefined}
            error={saving.fieldError("name")}
          />
          <Show when={!locked()}>
            <SaveButton form={saving} />
          </Show>
        </fieldset>
      </form>
    </Section>
  );
}

function ProjectsSection(props: { organization: string }): JSX.Element {
  const found = createAsync(() => projects(), { deferStream: true });
  const list = () =>
    (dataOf(found())?.data ?? []).filter((project) => project.organization_id === props.organization);
  return (
    <Section
      title="Projects"
      about="All members can view every project. Roles control what else they can do."
    >
      <Show when={list().length} fallback={<p class="soft">No projects yet.</p>}>
        <ul class="lines">
          <For each={list()}>
            {(project) => (
              <li>
                <a href={`/projects/${project.id}`}>{project.name}</a>
                <span class="small soft">{project.domain ?? "Any site"}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Section>
  );
}
