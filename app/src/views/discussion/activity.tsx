/**
 * /projects/[id]/activity: the activity of a project by day.
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
import { Avatar } from "./avatar";

/** The page; older days load on request. */
export function ActivityView(): JSX.Element {
  const params = useParams<{ id: string }>();
  const found = createAsync(() => project(params.id), { deferStream: true });
  return (
    <Loaded data={dataOf(found())} problem={problemOf(found())} retry={() => window.location.reload()}>
      {(of) => (
        <ProjectPage project={of()} title={`Activity · ${of().name}`} place="Activity" class={styles.page}>
          <div class={pageHeadStyles.head}>
            <h1>Activity</h1>
            <p class="soft">Changes and comments of the last 90 days.</p>
          </div>
          <Suspense>
            <Page project={of()} cursor={null} />
          </Suspense>
        </ProjectPage>
      )}
    </Loaded>
  );
}

/** One page of the list, and the next one when it is requested. */
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
        <p class="soft">No activity yet. Changes to dashboards, metrics, comments and links appear here.</p>
      </Show>
      <For each={days()}>
        {([day, activities]) => (
          <section class={styles.day} aria-label={dayText(day, locale(), { dateStyle: "full" })}>
            <h2>{dayText(day, locale(), { weekday: "long", day: "numeric", month: "long" })}</h2>
            <ol class="panel activity-list">
              <For each={activities}>
                {(activity) => <ActivityLine activity={activity} project={props.project} />}
              </For>
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
                <Button onClick={() => setMore(true)}>Load more</Button>
              </p>
            }
          >
            <Suspense fallback={<p class="soft">Loading older activity</p>}>
              <Page project={props.project} cursor={cursor()} />
            </Suspense>
          </Show>
        )}
      </Show>
    </>
  );
}

function ActivityLine(props: { activity: Activity; project: Project }): JSX.Element {
  const person = () => props.activity.person ?? { user_id: "", name: "Former member" };
  const address = () => addressOf(props.activity, props.project.id);
  return (
    <li class={styles.entry}>
      <Avatar user={person().user_id} name={person().name} />
      <p>
        <b>{person().name}</b> {DID[props.activity.kind]}{" "}
        <Show when={address()} fallback={<span>{props.activity.subject}</span>}>
          {(href) => <a href={href()}>{props.activity.subject}</a>}
        </Show>
      </p>
      <time class="small soft" datetime={new Date(props.activity.at).toISOString()}>
        {moment(props.activity.at, locale(), props.project.timezone, { hour: "2-digit", minute: "2-digit" })}
      </time>
    </li>
  );
}
