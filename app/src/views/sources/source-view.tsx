/**
 * /projects/[id]/sources/[source]: authorization, first sync, then the details of a source.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, type JSX, mergeProps, on, Show } from "solid-js";
import type { SourceDetail } from "../../../../schema/wire/source";
import { dataOf, problemOf } from "../../client/http";
import { source } from "../../client/sources";
import { Loaded } from "../shell/loaded";
import { Consent, ConsentOutcome } from "./consent";
import { FirstSync } from "./first-sync";
import { LimitsSection } from "./limits-section";
import { type ActiveRun, createActiveRun, createProgressText, createSyncing, type Syncing } from "./live";
import { SourcesPage } from "./page";
import { PushedSection } from "./pushed-section";
import { QualitySection } from "./quality-section";
import { RunsSection } from "./runs-section";
import { createNow, driverOf } from "./setting";
import { SourceError, Warnings } from "./source-error";
import { SourceHead } from "./source-head";
import type { SourceProps } from "./source-props";
import { AccountsSection, DeleteSection, GeneralSection } from "./source-settings";
import styles from "./source-view.module.css";
import { Steps } from "./steps";
import { StreamsSection } from "./streams-section";

/** The page. */
export function SourceView(): JSX.Element {
  const params = useParams<{ source: string }>();
  return (
    <SourcesPage title="Source">
      {(setting) => {
        const found = createAsync(() => source(setting().project.id, params.source), { deferStream: true });
        const syncing = createSyncing(() => setting().project.id);
        const now = createNow();
        // A failed reload keeps the page.
        const shown = createMemo<SourceDetail | undefined>((last) => dataOf(found()) ?? last);
        return (
          <Loaded data={shown()} problem={problemOf(found())} retry={() => window.location.reload()}>
            {(open) => <SourcePage source={open()} setting={setting()} now={now()} syncing={syncing} />}
          </Loaded>
        );
      }}
    </SourcesPage>
  );
}

type Phase = "consent" | "first" | "established";

function phaseOf({ status, synced_at }: SourceDetail): Phase {
  if (status === "connecting") return "consent";
  return synced_at === null && status === "active" ? "first" : "established";
}

function SourcePage(props: SourceProps & { syncing: Syncing }): JSX.Element {
  const active = createActiveRun(() => props.source, props.syncing);
  const phase = createMemo(() => phaseOf(props.source));
  const [watched, setWatched] = createSignal(phase() === "first");
  createEffect(on(phase, (now) => now === "first" && setWatched(true)));
  const progress = createProgressText(active, () => props.source.name);
  return (
    <>
      <Title>
        {props.source.name} · {props.setting.project.name} · Selvedge
      </Title>
      <SourceHead {...props} active={active()} />
      <span class="visually-hidden" role="status">
        {progress()}
      </span>
      <ConsentOutcome {...props} />
      <Show
        when={phase() === "consent"}
        fallback={<Sections {...props} active={active()} watched={watched()} />}
      >
        <Steps at={0} />
        <Consent {...props} />
      </Show>
    </>
  );
}

function Sections(props: SourceProps & { active: ActiveRun | undefined; watched: boolean }): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const shared = mergeProps(() => ({ source: props.source, setting: props.setting, now: props.now }));
  return (
    <>
      <SourceError {...shared} />
      <Warnings {...shared} driver={driver()} />
      <Show when={props.watched}>
        <Steps at={props.source.synced_at === null ? 1 : 2} />
        <FirstSync {...shared} active={props.active} />
      </Show>
      <StreamsSection {...shared} active={props.active} isWatched={props.watched} />
      <Show when={props.source.synced_at !== null}>
        <QualitySection {...shared} />
      </Show>
      <LimitsSection {...shared} />
      <RunsSection {...shared} />
      <div class={`settings ${styles.settings}`}>
        <PushedSection {...shared} />
        <GeneralSection {...shared} />
        <AccountsSection {...shared} />
        <DeleteSection {...shared} />
      </div>
    </>
  );
}
