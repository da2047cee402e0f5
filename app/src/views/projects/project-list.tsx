/**
 * The projects, each with today's numbers.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { Sparkline } from "../../charts/sparkline";
import { projects } from "../../client/projects";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { BigFigure } from "../../ui/figure";
import { Icon } from "../../ui/icon";
import { ProblemNotice } from "../../ui/problem";
import { Main, TopBar } from "../shell/shell";
import { CreateProject } from "./create-project";
import { today } from "./today";

/** The list, or the form for the first project when there is none. */
export function ProjectListView(): JSX.Element {
  const found = createAsync(() => projects(), { deferStream: true });
  const [making, setMaking] = createSignal(false);
  const list = () => {
    const result = found();
    return result?.ok ? result.data.data : undefined;
  };
  const problem = () => {
    const result = found();
    return result && !result.ok ? result.problem : undefined;
  };
  return (
    <>
      <Title>Projects · Selvedge</Title>
      <TopBar>
        <h1 class="top-title">Projects</h1>
        <Show when={list()?.length}>
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
              <ul class="projects">
                <For each={shown()}>{(project) => <ProjectCard project={project} />}</For>
              </ul>
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

function ProjectCard(props: { project: Project }): JSX.Element {
  return (
    <li class="panel project">
      <a class="project-link" href={`/projects/${props.project.id}`}>
        <h2>{props.project.name}</h2>
      </a>
      <p class="small soft project-domain">{props.project.domain ?? "Any site"}</p>
      <Show
        when={props.project.first_event_at !== null}
        fallback={
          <p class="soft project-wait">
            <span class="listening" />
            Waiting for the first event
          </p>
        }
      >
        <Suspense fallback={<div class="skeleton project-skeleton" />}>
          <Today project={props.project} />
        </Suspense>
      </Show>
    </li>
  );
}

function Today(props: { project: Project }): JSX.Element {
  const numbers = createAsync(() => today(props.project.id), { deferStream: true });
  return (
    <Show
      when={numbers()}
      fallback={<p class="small soft">Today’s numbers are not to be had at the moment.</p>}
    >
      {(shown) => (
        <>
          <dl class="today">
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
  return (
    <section class="panel blank">
      <h2>Your first project</h2>
      <p class="soft">
        A project is one site or app. It gets a key and a line for your pages, and its numbers appear here.
      </p>
      <CreateProject />
    </section>
  );
}
