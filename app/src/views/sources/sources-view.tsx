/**
 * /projects/[id]/sources: what is connected, how it stands, and what else can be.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { dataOf, problemOf } from "../../client/http";
import { sources } from "../../client/sources";
import pageHeadStyles from "../../ui/page-head.module.css";
import { ProblemNotice } from "../../ui/problem";
import { Catalogue } from "./catalog";
import { Connected } from "./connected";
import { createSyncing } from "./live";
import { SourcesPage } from "./page";
import { createNow, type SourcesSetting } from "./setting";
import styles from "./sources-view.module.css";
import { Swatch } from "./vendor-badge";

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
        <p class="soft">Ad accounts, customers and billing, read into the same tables as your web events.</p>
      </div>
      <ProblemNotice problem={problem()} />
      <Show
        when={list().length > 0}
        fallback={<Show when={found()?.ok}>{<Nothing setting={props.setting} />}</Show>}
      >
        <ul class="panel connected">
          <For each={list()}>
            {(source) => <Connected source={source} setting={props.setting} syncing={syncing} now={now()} />}
          </For>
        </ul>
      </Show>
      <Catalogue setting={props.setting} isFirst={list().length === 0} />
    </>
  );
}

/** What a source is, told where the first would be. */
function Nothing(props: { setting: SourcesSetting }): JSX.Element {
  return (
    <section class={`panel ${styles.empty}`} aria-label="No source yet">
      <div class={styles.badges} aria-hidden="true">
        <For each={props.setting.drivers.slice(0, 5)}>
          {({ badge }) => <Swatch badge={badge} size={56} />}
        </For>
      </div>
      <h2>Weave in what your pages cannot see</h2>
      <p class="soft">
        Your events know who came. What an ad cost, which contact became a deal and what was paid stand
        elsewhere. Connect those places once: the last 90 days are read, newest first, and from then on every
        change. Costs and sign-ups then stand in one table, by day and campaign.
      </p>
      <ol class={styles.steps}>
        <li>
          <b>Allow reading</b>
          <span class="soft">On the vendor’s own page, or with a key. Nothing is ever written there.</span>
        </li>
        <li>
          <b>Watch it arrive</b>
          <span class="soft">
            The newest days stand within a minute; the rest follows by itself. Accounts that you untick are
            left out.
          </span>
        </li>
        <li>
          <b>Look at it</b>
          <span class="soft">
            The marketing overview is one press away, and every sync renews it while you look.
          </span>
        </li>
      </ol>
    </section>
  );
}
