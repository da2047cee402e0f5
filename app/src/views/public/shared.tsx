/**
 * /share/[token]: a public dashboard. Read-only, without navigation or cookies.
 * @module
 */
import { Meta, Title } from "@solidjs/meta";
import { createAsync, revalidate, useParams } from "@solidjs/router";
import { HttpStatusCode } from "@solidjs/start";
import { createMemo, createSignal, type JSX, Match, onCleanup, onMount, Show, Switch } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { PublicDashboard } from "../../../../schema/wire/link";
import { dataOf, problemOf } from "../../client/http";
import { openLink, unlockLink } from "../../client/links";
import { createForm } from "../../client/mutation";
import { COMPARISONS, selectedRange } from "../../query-state";
import { Logo, StripedEdge } from "../../ui/brand";
import { Button } from "../../ui/button";
import { PasswordField } from "../../ui/field";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { Grid } from "../dashboards/grid";
import { type Naming, namingOf } from "../dashboards/naming";
import type { Shown } from "../dashboards/shown";
import { rangeLabel } from "../explore/range-picker";
import { allowFraming } from "./framing";
import styles from "./shared.module.css";

/** Interval between reloads; the page has no live socket. */
const RELOAD_EVERY_MS = 60_000;

/** The page: the dashboard, the password form, or an error. */
export function SharedView(): JSX.Element {
  const params = useParams<{ token: string }>();
  const [proof, setProof] = createSignal<string | null>(null);
  const opened = createAsync(
    async () => {
      const found = await openLink(params.token, proof());
      allowFraming(found.embedIn);
      return found.answer;
    },
    { deferStream: true },
  );
  // A failed reload keeps the current results.
  const dashboard = createMemo<PublicDashboard | undefined>((last) => dataOf(opened.latest) ?? last);
  const problem = () => problemOf(opened.latest);
  onMount(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && dashboard()) void revalidate(openLink.key);
    }, RELOAD_EVERY_MS);
    onCleanup(() => clearInterval(timer));
  });
  return (
    <>
      <Meta name="robots" content="noindex" />
      <div class="edge">
        <StripedEdge />
      </div>
      <Switch>
        <Match when={dashboard()}>{(shown) => <PublicPage shown={shown()} />}</Match>
        <Match when={problem()?.code === "password_required"}>
          <Locked token={params.token} onOpen={setProof} />
        </Match>
        <Match when={problem()}>{(refused) => <Closed problem={refused()} />}</Match>
      </Switch>
    </>
  );
}

/** Labels that came with the dashboard. */
function namingBy(measures: PublicDashboard["measures"]): Naming {
  const known = namingOf(undefined, []);
  return {
    ...known,
    measure(name, unit) {
      const measure = measures[name];
      if (!measure) return known.measure(name, unit);
      const isQuotient = measure.format !== undefined && measure.format !== "percent";
      return {
        name,
        label: measure.label,
        unit: measure.unit,
        decimal: measure.unit === "ratio" && isQuotient,
        better: measure.good ?? undefined,
        description: "",
      };
    },
  };
}

function PublicPage(props: { shown: PublicDashboard }): JSX.Element {
  const dashboard = () => props.shown.dashboard;
  const setting = createMemo(
    (): Shown => ({
      naming: namingBy(props.shown.measures),
      timezone: props.shown.timezone,
      compare: dashboard().compare,
      now: Date.now(),
      flags: [],
    }),
  );
  return (
    <>
      <Title>{dashboard().name}</Title>
      <main id="main" class={`main ${styles.page}`}>
        <header class={styles.head}>
          <h1>{dashboard().name}</h1>
          <p class="soft">
            {rangeLabel(selectedRange(dashboard().range), props.shown.timezone)}
            {dashboard().compare === "none"
              ? ""
              : ` · compared to ${COMPARISONS[dashboard().compare].toLowerCase()}`}
          </p>
          <Show when={dashboard().description}>
            <p>{dashboard().description}</p>
          </Show>
        </header>
        <Grid widgets={dashboard().widgets} answers={props.shown.results} shown={setting()} />
        <footer class={`${styles.foot} small soft`}>
          <a class={styles.mark} href="/" target="_blank" rel="noopener">
            <Logo size={18} />
            Selvedge
          </a>
          <span>
            Times in {props.shown.timezone.replaceAll("_", " ")}. Groups of fewer than 5 people are combined.
          </span>
        </footer>
      </main>
    </>
  );
}

function Locked(props: { token: string; onOpen: (proof: string) => void }): JSX.Element {
  const form = createForm((data) => unlockLink(props.token, String(data.get("password") ?? "")), {
    onSuccess: ({ unlocked }) => props.onOpen(unlocked),
  });
  return (
    <>
      <Title>Shared dashboard</Title>
      <HttpStatusCode code={401} />
      <main id="main" class="lost">
        <Logo size={40} />
        <h1>Password required</h1>
        <p class="soft">Enter the password you received with the link.</p>
        <form class={`form ${styles.lock}`} method="post" onSubmit={form.submit}>
          <ProblemNotice problem={form.problem()} />
          <PasswordField label="Password" name="password" autocomplete="off" required />
          <Button kind="main" type="submit" busy={form.pending() ? "Opening" : undefined}>
            Open dashboard
          </Button>
        </form>
      </main>
    </>
  );
}

function Closed(props: { problem: Problem }): JSX.Element {
  const isGone = () => props.problem.status === 404;
  return (
    <>
      <Title>Shared dashboard</Title>
      <HttpStatusCode code={isGone() ? 404 : 503} />
      <main id="main" class="lost" lang={locale() === "en" ? undefined : "en"}>
        <Logo size={40} />
        <h1>{isGone() ? "Link not available" : props.problem.title}</h1>
        <p class="soft">
          {isGone()
            ? "The link was revoked, has expired, or is incorrect. Ask the sender for a new one."
            : (props.problem.detail ?? "Try again in a moment.")}
        </p>
      </main>
    </>
  );
}
