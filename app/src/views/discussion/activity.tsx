/**
 * /projects/[id]/activity: what people did, day by day.
 * @module
 */
import { createAsync, useParams } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Activity } from "../../../../schema/wire/discussion";
import type { Project } from "../../../../schema/wire/project";
import { activity } from "../../client/discussion";
import { dataOf, problemOf } from "../../client/http";
import { project } from "../../client/projects";
import { Button } from "../../ui/button";
import { dayIn, dayText } from "../../ui/clock";
import { moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import pageHeadStyles from "../../ui/page-head.module.css";
import { ProblemNotice } from "../../ui/problem";
import { Loaded } from "../shell/loaded";
import { ProjectPage } from "../shell/project-page";
import styles from "./activity.module.css";
import { addressOf, DID } from "./activity-labels";
import { Patch } from "./avatar";

/** The page; earlier days are loaded on request. */
export function ActivityView(): JSX.Element {
  const params = useParams<{ id: string }>();
  const found = createAsync(() => project(params.id), { deferStream: true });
  return (
    <Loaded data={dataOf(found())} problem={problemOf(found())} retry={() => window.location.reload()}>
      {(of) => (
        <ProjectPage project={of()} title={`Activity · ${of().name}`} place="Activity" class={styles.page}>
          <div class={pageHeadStyles.head}>
            <h1>Activity</h1>
            <p class="soft">What people made, changed and said here. Kept for 90 days.</p>
          </div>
          <Suspense>
            <Page project={of()} cursor={null} />
          </Suspense>
        </ProjectPage>
      )}
    </Loaded>
  );
}

/** One page of the list, and the next one under it once it is asked for. */
function Page(props: { project: Project; cursor: string | null }): JSX.Element {
  const found = createAsync(() => activity(props.project.id, props.cursor), { deferStream: true });
  const [isMore, setMore] = createSignal(false);
  const page = () => dataOf(found());
  const problem = () => problemOf(found());
  const days = createMemo(() => [
    ...Map.groupBy(page()?.data ?? [], ({ at }) => dayIn(at, props.project.timezone)),
  ]);
  return (
    <>
      <ProblemNotice problem={problem()} />
      <Show when={props.cursor === null && page()?.data.length === 0}>
        <p class="soft">
          Nothing yet. Dashboards, metrics, comments and links will be listed as people make them.
        </p>
      </Show>
      <For each={days()}>
        {([day, deeds]) => (
          <section class={styles.day} aria-label={dayText(day, locale(), { dateStyle: "full" })}>
            <h2>{dayText(day, locale(), { weekday: "long", day: "numeric", month: "long" })}</h2>
            <ol class="panel activity-list">
              <For each={deeds}>{(deed) => <Deed deed={deed} project={props.project} />}</For>
            </ol>
          </section>
        )}
      </For>
      <Show when={page()?.next_cursor}>
        {(cursor) => (
          <Show
            when={isMore()}
            fallback={
              <p>
                <Button onClick={() => setMore(true)}>Earlier</Button>
              </p>
            }
          >
            <Suspense fallback={<p class="soft">Looking further back</p>}>
              <Page project={props.project} cursor={cursor()} />
            </Suspense>
          </Show>
        )}
      </Show>
    </>
  );
}

function Deed(props: { deed: Activity; project: Project }): JSX.Element {
  const person = () => props.deed.person ?? { user_id: "", name: "Someone who has left" };
  const address = () => addressOf(props.deed, props.project.id);
  return (
    <li class={styles.entry}>
      <Patch user={person().user_id} name={person().name} />
      <p>
        <b>{person().name}</b> {DID[props.deed.kind]}{" "}
        <Show when={address()} fallback={<span>{props.deed.subject}</span>}>
          {(href) => <a href={href()}>{props.deed.subject}</a>}
        </Show>
      </p>
      <time class="small soft" datetime={new Date(props.deed.at).toISOString()}>
        {moment(props.deed.at, locale(), props.project.timezone, { hour: "2-digit", minute: "2-digit" })}
      </time>
    </li>
  );
}
