/**
 * /projects/[id]/sources/[source]: from consent to the first numbers, and then how it stands.
 * @module
 */
import { createAsync, useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, type JSX, mergeProps, on, Show } from "solid-js";
import type { SourceDetail } from "../../../../schema/wire/source";
import { dataOf, problemOf } from "../../client/http";
import { source } from "../../client/sources";
import { Loaded } from "../shell/loaded";
import { Consent, Returned } from "./consent";
import { FirstRead } from "./first-read";
import { LimitsSection } from "./limits-section";
import { createGoing, createProgressNews, createSyncing, type Going, type Syncing } from "./live";
import { SourcesPage } from "./page";
import { PushedSection } from "./pushed-section";
import { QualitySection } from "./quality-section";
import { RunsSection } from "./runs-section";
import { createNow, driverOf } from "./setting";
import { SourceHead } from "./source-head";
import type { SourceProps } from "./source-props";
import { AccountsSection, DeleteSection, ReadingSection } from "./source-settings";
import styles from "./source-view.module.css";
import { Steps } from "./steps";
import { StreamsSection } from "./streams-section";
import { Trouble, Warnings } from "./trouble";

/** The page. */
export function SourceView(): JSX.Element {
  const params = useParams<{ source: string }>();
  return (
    <SourcesPage title="Source">
      {(setting) => {
        const found = createAsync(() => source(setting().project.id, params.source), { deferStream: true });
        const syncing = createSyncing(() => setting().project.id);
        const now = createNow();
        // A renewal that fails must not take the page away.
        const shown = createMemo<SourceDetail | undefined>((last) => dataOf(found()) ?? last);
        return (
          <Loaded data={shown()} problem={problemOf(found())} retry={() => window.location.reload()}>
            {(open) => <Standing source={open()} setting={setting()} now={now()} syncing={syncing} />}
          </Loaded>
        );
      }}
    </SourcesPage>
  );
}

type Phase = "consent" | "first" | "standing";

function phaseOf({ status, synced_at }: SourceDetail): Phase {
  if (status === "connecting") return "consent";
  return synced_at === null && status === "active" ? "first" : "standing";
}

function Standing(props: SourceProps & { syncing: Syncing }): JSX.Element {
  const going = createGoing(() => props.source, props.syncing);
  const phase = createMemo(() => phaseOf(props.source));
  const [watched, setWatched] = createSignal(phase() === "first");
  createEffect(on(phase, (now) => now === "first" && setWatched(true)));
  const news = createProgressNews(going, () => props.source.name);
  return (
    <>
      <SourceHead {...props} going={going()} />
      <span class="visually-hidden" role="status">
        {news()}
      </span>
      <Returned {...props} />
      <Show when={phase() === "consent"} fallback={<Parts {...props} going={going()} watched={watched()} />}>
        <Steps at={0} />
        <Consent {...props} />
      </Show>
    </>
  );
}

function Parts(props: SourceProps & { going: Going | undefined; watched: boolean }): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const shared = mergeProps(() => ({ source: props.source, setting: props.setting, now: props.now }));
  return (
    <>
      <Trouble {...shared} />
      <Warnings {...shared} driver={driver()} />
      <Show when={props.watched}>
        <Steps at={props.source.synced_at === null ? 1 : 2} />
        <FirstRead {...shared} going={props.going} />
      </Show>
      <StreamsSection {...shared} going={props.going} isWatched={props.watched} />
      <Show when={props.source.synced_at !== null}>
        <QualitySection {...shared} />
      </Show>
      <LimitsSection {...shared} />
      <RunsSection {...shared} />
      <div class={`settings ${styles.settings}`}>
        <PushedSection {...shared} />
        <ReadingSection {...shared} />
        <AccountsSection {...shared} />
        <DeleteSection {...shared} />
      </div>
    </>
  );
}
