/**
 * Notices about a project's sources: a bell with the number of open ones, and their list.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createEffect, createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Notice } from "../../../../schema/wire/notify";
import { dataOf } from "../../client/http";
import { notices } from "../../client/sources";
import { ago, counted } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Popover } from "../../ui/popover";
import styles from "./shell.module.css";

const RELOAD_EVERY_MS = 60_000;

/** At the end of the bar. Loaded after hydration, so that no page waits for it. */
export function NoticeBell(props: { project: string }): JSX.Element {
  const [isAwake, setAwake] = createSignal(false);
  onMount(() => {
    setAwake(true);
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void revalidate(notices.key);
    }, RELOAD_EVERY_MS);
    onCleanup(() => clearInterval(timer));
  });
  const found = createAsync(async () => (isAwake() ? notices(props.project) : undefined));
  const list = () => dataOf(found.latest)?.data ?? [];
  const open = () => list().filter(({ resolved_at }) => resolved_at === null);
  const [isShown, setShown] = createSignal(false);
  return (
    <>
      <Popover
        trigger={
          <>
            <Icon name="bell" />
            <Show when={open().length > 0}>
              <b class={styles.bellCount}>{open().length}</b>
            </Show>
          </>
        }
        label={open().length > 0 ? `${counted(open().length, "open alert", locale())}` : "Alerts"}
        class={styles.bell}
        panelClass={styles.notices}
        kind="quiet"
        open={isShown()}
        onOpenChange={setShown}
      >
        <NoticeList notices={list()} onLeave={() => setShown(false)} />
      </Popover>
      <Announcements open={open()} isKnown={found.latest !== undefined} />
    </>
  );
}

function NoticeList(props: { notices: readonly Notice[]; onLeave: () => void }): JSX.Element {
  return (
    <>
      <h2>Alerts</h2>
      <ul>
        <For
          each={props.notices}
          fallback={<li class="soft">No alerts. Problems with your sources appear here.</li>}
        >
          {(notice) => (
            <li
              class={styles.noticeLine}
              data-severity={notice.resolved_at === null ? notice.severity : undefined}
            >
              <Icon
                name={notice.resolved_at !== null ? "check" : notice.severity === "info" ? "info" : "warn"}
                size={16}
              />
              <div>
                <a href={notice.link} onClick={props.onLeave}>
                  {notice.title}
                </a>
                <p class="small">{notice.body}</p>
                <p class="small soft">
                  {notice.resolved_at === null
                    ? ago(notice.raised_at, Date.now(), locale())
                    : `Resolved ${ago(notice.resolved_at, Date.now(), locale())}`}
                </p>
              </div>
            </li>
          )}
        </For>
      </ul>
    </>
  );
}

/** Announces new notices to screen readers while the page is open, not those that were there before. */
function Announcements(props: { open: readonly Notice[]; isKnown: boolean }): JSX.Element {
  const [announcement, setAnnouncement] = createSignal("");
  let known: Set<string> | undefined;
  createEffect(() => {
    if (!props.isKnown) return;
    const added = props.open.filter(({ id }) => known && !known.has(id));
    known = new Set(props.open.map(({ id }) => id));
    if (added.length > 0) setAnnouncement(added.map(({ title }) => title).join(". "));
  });
  return (
    <span class="visually-hidden" role="status">
      {announcement()}
    </span>
  );
}
