/**
 * The list of projects with the numbers of today.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { Organization } from "../../../../schema/wire/organization";
import type { Project } from "../../../../schema/wire/project";
import { Sparkline } from "../../charts/sparkline";
import { dataOf, problemOf } from "../../client/http";
import { projects } from "../../client/projects";
import { Button, ButtonLink } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { BigFigure } from "../../ui/metric-value";
import { ProblemNotice } from "../../ui/problem";
import { createMemberships, createWritable, ROLES } from "../organizations/roles";
import { Main, TopBar } from "../shell/shell";
import { CreateProject } from "./create-project";
import styles from "./projects.module.css";
import { today } from "./today";

/** The list, or the form for the first project when there is none. */
export function ProjectListView(): JSX.Element {
  const found = createAsync(() => projects(), { deferStream: true });
  const memberships = createMemberships();
  const writable = createWritable();
  const [making, setMaking] = createSignal(false);
  const list = () => dataOf(found())?.data;
  const problem = () => problemOf(found());
  return (
    <>
      <Title>Projects · Selvedge</Title>
      <TopBar>
        <h1 class="top-title">Projects</h1>
        <Show when={memberships().length === 1 && memberships()[0]}>
          {(only) => <ButtonLink href={`/organizations/${only().id}`}>Members</ButtonLink>}
        </Show>
        <Show when={list()?.length && writable().length > 0}>
          <Button kind="main" onClick={() => setMaking(true)}>
            <Icon name="plus" size={18} />
            New project
          </Button>
        </Show>
      </TopBar>
      <Main>
        <ProblemNotice
          problem={problem()}
          action={
            <Button size="s" onClick={() => void revalidate(projects.key)}>
              Try again
            </Button>
          }
        />
        <Show when={list()}>
          {(shown) => (
            <Show when={shown().length > 0} fallback={<NoProjects />}>
              <Show when={memberships().length > 1} fallback={<Cards projects={shown()} heading="h2" />}>
                <For each={owners(memberships(), shown())}>
                  {(each) => <Owned organization={each} projects={ownedBy(each, shown())} />}
                </For>
              </Show>
            </Show>
          )}
        </Show>
      </Main>
      <Dialog open={making()} title="New project" onClose={() => setMaking(false)}>
        <CreateProject onDone={() => setMaking(false)} />
      </Dialog>
    </>
  );
}

function ownedBy({ id }: Organization, all: Project[]): Project[] {
  return all.filter((project) => project.organization_id === id);
}

/** Organizations with projects first. */
function owners(all: Organization[], list: Project[]): Organization[] {
  const rank = (each: Organization) => (ownedBy(each, list).length > 0 ? 0 : 1);
  return all.toSorted((a, b) => rank(a) - rank(b));
}

/** The projects of an organization under its name. */
function Owned(props: { organization: Organization; projects: Project[] }): JSX.Element {
  return (
    <section class={styles.owned} aria-label={props.organization.name}>
      <div class={styles.ownedHead}>
        <h2>{props.organization.name}</h2>
        <span class="small soft">{ROLES[props.organization.role].name}</span>
        <a class="small" href={`/organizations/${props.organization.id}`}>
          Members
        </a>
      </div>
      <Show when={props.projects.length > 0} fallback={<p class="soft">No projects yet.</p>}>
        <Cards projects={props.projects} heading="h3" />
      </Show>
    </section>
  );
}

function Cards(props: { projects: Project[]; heading: "h2" | "h3" }): JSX.Element {
  return (
    <ul class={styles.projects}>
      <For each={props.projects}>
        {(project) => <ProjectCard project={project} heading={props.heading} />}
      </For>
    </ul>
  );
}

function ProjectCard(props: { project: Project; heading: "h2" | "h3" }): JSX.Element {
  return (
    <li class={`panel ${styles.project}`}>
      <a class={styles.projectLink} href={`/projects/${props.project.id}`}>
        <Dynamic component={props.heading}>{props.project.name}</Dynamic>
      </a>
      <p class={`small soft ${styles.projectDomain}`}>{props.project.domain ?? "Any site"}</p>
      <Show
        when={props.project.first_event_at !== null}
        fallback={
          <p class={`soft ${styles.projectWait}`}>
            <span class="listening" />
            Waiting for the first event
          </p>
        }
      >
        <Suspense fallback={<div class={`skeleton ${styles.projectSkeleton}`} />}>
          <Today project={props.project} />
        </Suspense>
      </Show>
    </li>
  );
}

function Today(props: { project: Project }): JSX.Element {
  const numbers = createAsync(() => today(props.project.id), { deferStream: true });
  return (
    <Show when={numbers()} fallback={<p class="small soft">Today’s data is not available.</p>}>
      {(shown) => (
        <>
          <dl class={styles.today}>
            <div>
              <dt class="small soft">Visitors today</dt>
              <dd>
                <BigFigure value={shown().visitors} unit="count" />
              </dd>
            </div>
            <div>
              <dt class="small soft">Page views today</dt>
              <dd>
                <BigFigure value={shown().pageviews} unit="count" />
              </dd>
            </div>
          </dl>
          <Sparkline values={shown().week} open />
          <p class="small soft">Visitors, last 7 days</p>
        </>
      )}
    </Show>
  );
}

function NoProjects(): JSX.Element {
  const writable = createWritable();
  return (
    <Show when={writable().length > 0} fallback={<NothingToMake />}>
      <section class="panel blank">
        <h2>Your first project</h2>
        <p class="soft">A project is one site or app. Add its snippet to your pages to see data here.</p>
        <CreateProject />
      </section>
    </Show>
  );
}

function NothingToMake(): JSX.Element {
  return (
    <section class="panel blank">
      <h2>No projects yet</h2>
      <p class="soft">
        Ask an admin for the editor role, or create your own organization{" "}
        <a href="/account#organizations">in your account</a>.
      </p>
    </section>
  );
}
