/**
 * /projects/[id]/dashboards: the dashboards of a project, most recently updated first.
 * @module
 */
import { A, createAsync, revalidate, useNavigate, useParams } from "@solidjs/router";
import { createSignal, For, type JSX, lazy, Show, Suspense } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { type DashboardEntry, dashboards, duplicateDashboard } from "../../client/dashboards";
import { dataOf, problemOf } from "../../client/http";
import { people } from "../../client/organizations";
import { project } from "../../client/projects";
import { Button } from "../../ui/button";
import { ago, counted, moment } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Menu } from "../../ui/menu";
import { ProblemNotice } from "../../ui/problem";
import { atLeast, createRole } from "../organizations/roles";
import { Loaded } from "../shell/loaded";
import { ProjectPage } from "../shell/project-page";
import headStyles from "./head.module.css";
import styles from "./list.module.css";

const NewDialog = lazy(() => import("./new-dialog"));
const ImportDialog = lazy(() => import("./import-dialog"));
const DeleteDialog = lazy(() => import("./delete-dialog"));

/** The page. */
export function DashboardListView(): JSX.Element {
  const params = useParams<{ id: string }>();
  const found = createAsync(() => project(params.id), { deferStream: true });
  return (
    <Loaded data={dataOf(found())} problem={problemOf(found())} retry={() => void revalidate(project.key)}>
      {(of) => <List project={of()} />}
    </Loaded>
  );
}

function List(props: { project: Project }): JSX.Element {
  const found = createAsync(() => dashboards(props.project.id), { deferStream: true });
  const known = createAsync(() => people(props.project.organization_id), {
    deferStream: true,
    initialValue: [],
  });
  const [search, setSearch] = createSignal("");
  const [dialog, setDialog] = createSignal<"new" | "import">();
  const [deleting, setDeleting] = createSignal<DashboardEntry>();
  const role = createRole(() => props.project.organization_id);
  const canEdit = () => atLeast(role(), "editor");
  const list = () => dataOf(found())?.data;
  const problem = () => problemOf(found());
  const fitting = () => {
    const needle = search().trim().toLowerCase();
    return (list() ?? []).filter(({ name, description }) =>
      `${name} ${description}`.toLowerCase().includes(needle),
    );
  };
  const nameOf = (user: string) => known().find(({ user_id }) => user_id === user)?.name;
  return (
    <>
      <ProjectPage
        project={props.project}
        title={`Dashboards · ${props.project.name}`}
        place="Dashboards"
        class={styles.page}
      >
        <header class={headStyles.head}>
          <div class={headStyles.words}>
            <h1>Dashboards</h1>
            <p class="soft">Charts and tables of your own choice, always up to date.</p>
          </div>
          <Show when={canEdit()}>
            <div class={headStyles.actions}>
              <Button onClick={() => setDialog("import")}>Import</Button>
              <Button kind="main" onClick={() => setDialog("new")}>
                <Icon name="plus" size={18} />
                New dashboard
              </Button>
            </div>
          </Show>
        </header>
        <ProblemNotice
          problem={problem()}
          action={
            <Button size="s" onClick={() => void revalidate(dashboards.key)}>
              Try again
            </Button>
          }
        />
        <Show when={list()}>
          {(all) => (
            <Show
              when={all().length > 0}
              fallback={<None canEdit={canEdit()} onMake={() => setDialog("new")} />}
            >
              <Show when={all().length > 5}>
                <label class={styles.search}>
                  <Icon name="search" size={18} />
                  <span class="visually-hidden">Search dashboards</span>
                  <input
                    class="input"
                    type="search"
                    placeholder="Search"
                    value={search()}
                    onInput={(event) => setSearch(event.currentTarget.value)}
                  />
                </label>
              </Show>
              <ul class="dash-list panel">
                <For
                  each={fitting()}
                  fallback={<li class={`soft ${styles.empty}`}>No dashboard matches “{search()}”.</li>}
                >
                  {(entry) => (
                    <Entry
                      entry={entry}
                      project={props.project}
                      by={nameOf(entry.created_by)}
                      canEdit={canEdit()}
                      onDelete={() => setDeleting(entry)}
                    />
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Show>
      </ProjectPage>
      <Suspense>
        <Show when={dialog() === "new"}>
          <NewDialog project={props.project} onClose={() => setDialog(undefined)} />
        </Show>
        <Show when={dialog() === "import"}>
          <ImportDialog project={props.project} onClose={() => setDialog(undefined)} />
        </Show>
        <Show when={deleting()}>
          {(entry) => (
            <DeleteDialog
              project={props.project.id}
              dashboard={entry()}
              onClose={() => setDeleting(undefined)}
              onDone={() => setDeleting(undefined)}
            />
          )}
        </Show>
      </Suspense>
    </>
  );
}

function None(props: { canEdit: boolean; onMake: () => void }): JSX.Element {
  return (
    <section class="panel blank">
      <h2>No dashboards yet</h2>
      <p class="soft">
        A dashboard shows several queries side by side. Start from a template or with a blank dashboard.
      </p>
      <Show
        when={props.canEdit}
        fallback={<p class="soft">Only editors of the organization can create dashboards.</p>}
      >
        <div class="form-foot">
          <Button kind="main" onClick={() => props.onMake()}>
            <Icon name="plus" size={18} />
            New dashboard
          </Button>
        </div>
      </Show>
    </section>
  );
}

function Entry(props: {
  entry: DashboardEntry;
  project: Project;
  by: string | undefined;
  canEdit: boolean;
  onDelete: () => void;
}): JSX.Element {
  const navigate = useNavigate();
  const home = () => `/projects/${props.project.id}/dashboards`;
  const when = () => ago(props.entry.updated_at, Date.now(), locale());
  const exactly = () =>
    moment(props.entry.updated_at, locale(), props.project.timezone, {
      dateStyle: "medium",
      timeStyle: "short",
    });
  const duplicate = async () => {
    const made = await duplicateDashboard(props.project.id, props.entry.id);
    if (!made.ok) return;
    void revalidate(dashboards.key);
    navigate(`${home()}/${made.data.id}`);
  };
  return (
    <li class={styles.entry}>
      <div class={styles.words}>
        <A href={`${home()}/${props.entry.id}`}>{props.entry.name}</A>
        <Show when={props.entry.description}>
          <p class="small soft">{props.entry.description}</p>
        </Show>
      </div>
      <span class={`small soft ${styles.count}`}>{counted(props.entry.widgets, "widget", locale())}</span>
      <span class={`small soft ${styles.sharing}`}>
        <Icon name={props.entry.sharing === "private" ? "lock" : "globe"} size={16} />
        {props.entry.sharing === "private" ? "Private" : "Organization"}
      </span>
      <span class={`small soft ${styles.when}`} title={exactly()}>
        Changed {when()}
        <Show when={props.by}>
          <br />
          Created by {props.by}
        </Show>
      </span>
      <Show when={props.canEdit}>
        <Menu
          label={`Actions for ${props.entry.name}`}
          trigger={<Icon name="more" size={18} />}
          class={headStyles.iconOnly}
          kind="quiet"
        >
          <button type="button" class="menu-item" onClick={duplicate}>
            <Icon name="copy" size={16} />
            Duplicate
          </button>
          <button type="button" class="menu-item" onClick={() => props.onDelete()}>
            <Icon name="bin" size={16} />
            Delete
          </button>
        </Menu>
      </Show>
    </li>
  );
}
