/**
 * Data quality: the latest result of each check, and the results by day.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { For, type JSX, Show, Suspense } from "solid-js";
import type { Quality, QualityResult } from "../../../../schema/wire/source";
import { dataOf, problemOf } from "../../client/http";
import { quality } from "../../client/sources";
import { dayText } from "../../ui/clock";
import { ago, counted, percent } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Help } from "../../ui/popover";
import { ProblemNotice } from "../../ui/problem";
import styles from "./quality-section.module.css";
import sectionStyles from "./section.module.css";
import type { SourceProps } from "./source-props";
import statusStyles from "./status.module.css";

const OUTCOMES = {
  passed: { text: "Passed", icon: "check", tone: "good" },
  failed: { text: "Failed", icon: "warn", tone: "bad" },
  unknown: { text: "Not checked", icon: "info", tone: undefined },
} as const;

/** The checks and the days. */
export function QualitySection(props: SourceProps): JSX.Element {
  return (
    <section class={sectionStyles.section} aria-labelledby="quality">
      <div class={sectionStyles.head}>
        <h2 id="quality">
          Data quality{" "}
          <Help about="data quality">
            The share of passed checks. Totals are compared with the platform’s own and must agree within 1 %;
            there must be no missing days and no duplicate rows.
          </Help>
        </h2>
      </div>
      <Suspense>
        <Found {...props} />
      </Suspense>
    </section>
  );
}

function Found(props: SourceProps): JSX.Element {
  const found = createAsync(() => quality(props.source.project_id, props.source.id), { deferStream: true });
  const shown = () => dataOf(found());
  const problem = () => problemOf(found());
  return (
    <>
      <ProblemNotice problem={problem()} />
      <Show when={shown()}>
        {(checks) => (
          <Show
            when={checks().latest.length > 0}
            fallback={<p class="soft">No checks yet. They run after the first complete sync.</p>}
          >
            <div class={`panel ${styles.quality}`}>
              <Show when={checks().days.length > 0}>
                <Days days={checks().days} />
              </Show>
              <ul class={styles.checks}>
                <For each={inOrder(checks().latest)}>
                  {(result) => <Check result={result} now={props.now} />}
                </For>
              </ul>
            </div>
          </Show>
        )}
      </Show>
    </>
  );
}

/** Failed checks first. */
function inOrder(results: readonly QualityResult[]): QualityResult[] {
  const rank = { failed: 0, unknown: 1, passed: 2 };
  return results.toSorted((a, b) => rank[a.outcome] - rank[b.outcome]);
}

function Check(props: { result: QualityResult; now: number }): JSX.Element {
  const found = () => OUTCOMES[props.result.outcome];
  return (
    <li class={styles.check}>
      <span class={statusStyles.status} data-tone={found().tone}>
        <Icon name={found().icon} size={16} />
        {found().text}
      </span>
      <div>
        <b>{props.result.label}</b>
        <p class="small soft">{props.result.summary}</p>
      </div>
      <span class="small soft">{ago(props.result.checked_at, props.now, locale())}</span>
    </li>
  );
}

/** One bar per day; its height is the share of passed checks. */
function Days(props: { days: Quality["days"] }): JSX.Element {
  const text = (day: Quality["days"][number]) =>
    `${dayText(day.day, locale(), { dateStyle: "medium" })}: ${percent(day.score, locale(), 0)}${
      day.failed > 0 ? `, ${counted(day.failed, "check", locale())} failed` : ""
    }`;
  const whole = () => props.days.filter(({ failed }) => failed === 0).length;
  return (
    <div class={styles.days}>
      <p class="small soft">
        {counted(props.days.length, "day", locale())}, all checks passed on {whole()}
      </p>
      <ol aria-label="Quality by day">
        <For each={props.days}>
          {(day) => (
            <li
              title={text(day)}
              data-failed={day.failed > 0 ? "" : undefined}
              style={{ "--share": `${day.score * 100}%` }}
            >
              <span class="visually-hidden">{text(day)}</span>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}
