/**
 * /projects/[id]/sources: connected sources and the catalog.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { dataOf, problemOf } from "../../client/http";
import { sources } from "../../client/sources";
import pageHeadStyles from "../../ui/page-head.module.css";
import { ProblemNotice } from "../../ui/problem";
import { Catalog } from "./catalog";
import { Connected } from "./connected";
import { createSyncing } from "./live";
import { SourcesPage } from "./page";
import { createNow, type SourcesSetting } from "./setting";
import styles from "./sources-view.module.css";
import { Badge } from "./vendor-badge";

/** The page. */
export function SourcesView(): JSX.Element {
  return <SourcesPage title="Sources">{(setting) => <Sources setting={setting()} />}</SourcesPage>;
}

function Sources(props: { setting: SourcesSetting }): JSX.Element {
  const found = createAsync(() => sources(props.setting.project.id), { deferStream: true });
  const list = () => dataOf(found())?.data ?? [];
  const problem = () => problemOf(found());
  const syncing = createSyncing(() => props.setting.project.id);
  const now = createNow();
  return (
    <>
      <div class={pageHeadStyles.head}>
        <h1>Sources</h1>
        <p class="soft">Ad platforms, CRM and billing, in the same tables as your web events.</p>
      </div>
      <ProblemNotice problem={problem()} />
      <Show
        when={list().length > 0}
        fallback={<Show when={found()?.ok}>{<NoSources setting={props.setting} />}</Show>}
      >
        <ul class="panel connected">
          <For each={list()}>
            {(source) => <Connected source={source} setting={props.setting} syncing={syncing} now={now()} />}
          </For>
        </ul>
      </Show>
      <Catalog setting={props.setting} isFirst={list().length === 0} />
    </>
  );
}

/** Explains sources while none is connected. */
function NoSources(props: { setting: SourcesSetting }): JSX.Element {
  return (
    <section class={`panel ${styles.empty}`} aria-label="No sources yet">
      <div class={styles.badges} aria-hidden="true">
        <For each={props.setting.drivers.slice(0, 5)}>{({ badge }) => <Badge badge={badge} size={56} />}</For>
      </div>
      <h2>Combine web events with ads, CRM and billing</h2>
      <p class="soft">
        Connect a source once: the last 90 days are synced, newest first, then every change. Spend, deals and
        payments appear next to visits and sign-ups, by day and campaign.
      </p>
      <ol class={styles.steps}>
        <li>
          <b>Connect</b>
          <span class="soft">By OAuth or with an API key, read-only.</span>
        </li>
        <li>
          <b>Sync</b>
          <span class="soft">
            The newest days arrive within a minute; the rest follows in the background. Choose which accounts
            to sync.
          </span>
        </li>
        <li>
          <b>View</b>
          <span class="soft">Open the marketing overview; every sync updates it.</span>
        </li>
      </ol>
    </section>
  );
}
