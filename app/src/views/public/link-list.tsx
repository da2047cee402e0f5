/**
 * The active public links of a dashboard.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Link } from "../../../../schema/wire/link";
import { dataOf, problemOf } from "../../client/http";
import { links, revokeLink } from "../../client/links";
import { Button } from "../../ui/button";
import { ago, moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import styles from "./link-list.module.css";

interface ListProps {
  project: string;
  /** Its id. */
  dashboard: string;
}

/** Empty without active links. */
export function LinkList(props: ListProps): JSX.Element {
  const found = createAsync(() => links(props.project, props.dashboard));
  const open = () => (dataOf(found())?.data ?? []).filter(({ revoked_at }) => revoked_at === null);
  return (
    <Show when={open().length > 0}>
      <section class={styles.links} aria-label="Active links">
        <h3>Active links</h3>
        <ul class="lines">
          <For each={open()}>{(link) => <LinkLine {...props} link={link} />}</For>
        </ul>
      </section>
    </Show>
  );
}

/** Summarizes a link. */
function facts({ has_password, expires_at, embed_in, created_at }: Link): string {
  const now = Date.now();
  const end =
    expires_at === null
      ? []
      : expires_at <= now
        ? ["over"]
        : [
            `until ${moment(expires_at, locale(), "UTC", { day: "numeric", month: "short", year: "numeric" })}`,
          ];
  return [
    `created ${ago(created_at, now, locale())}`,
    ...(has_password ? ["password"] : []),
    ...end,
    ...(embed_in.length > 0 ? [`embedded by ${embed_in.join(", ")}`] : []),
  ].join(" · ");
}

function LinkLine(props: ListProps & { link: Link }): JSX.Element {
  const [isSure, setSure] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();
  const revoke = async () => {
    const result = await revokeLink(props.project, props.dashboard, props.link.id);
    setProblem(problemOf(result));
    await revalidate(links.keyFor(props.project, props.dashboard));
  };
  return (
    <li>
      <div>
        <b>{props.link.name}</b>
        <p class="small soft">{facts(props.link)}</p>
        <ProblemNotice problem={problem()} />
      </div>
      <Show
        when={isSure()}
        fallback={
          <Button
            size="s"
            kind="danger"
            aria-label={`Revoke ${props.link.name}`}
            onClick={() => setSure(true)}
          >
            Revoke
          </Button>
        }
      >
        <Button size="s" kind="danger" onClick={() => void revoke()}>
          Revoke
        </Button>
        <Button size="s" kind="quiet" onClick={() => setSure(false)}>
          Keep
        </Button>
      </Show>
    </li>
  );
}
