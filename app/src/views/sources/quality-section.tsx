/**
 * How right the numbers are: what each check found last, and how it was day by day.
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

const FOUND = {
  passed: { word: "Holds", icon: "check", mood: "good" },
  failed: { word: "Does not hold", icon: "warn", mood: "bad" },
  unknown: { word: "Could not be checked", icon: "info", mood: undefined },
} as const;

/** The checks and the days. */
export function QualitySection(props: SourceProps): JSX.Element {
  return (
    <section class={sectionStyles.section} aria-labelledby="quality">
      <div class={sectionStyles.head}>
        <h2 id="quality">
          How right it is{" "}
          <Help about="quality">
            The share of checks that hold. Totals are asked of the vendor a second time, more coarsely, and
            must agree within 1 %; days must have no gap and no row may stand twice.
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
            fallback={
              <p class="soft">Nothing is checked yet. The first checks follow the first complete read.</p>
            }
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

/** What does not hold comes first. */
function inOrder(results: readonly QualityResult[]): QualityResult[] {
  const rank = { failed: 0, unknown: 1, passed: 2 };
  return results.toSorted((a, b) => rank[a.outcome] - rank[b.outcome]);
}

function Check(props: { result: QualityResult; now: number }): JSX.Element {
  const found = () => FOUND[props.result.outcome];
  return (
    <li class={styles.check}>
      <span class={statusStyles.status} data-mood={found().mood}>
        <Icon name={found().icon} size={16} />
        {found().word}
      </span>
      <div>
        <b>{props.result.label}</b>
        <p class="small soft">{props.result.summary}</p>
      </div>
      <span class="small soft">{ago(props.result.checked_at, props.now, locale())}</span>
    </li>
  );
}

/** One stitch a day: whole where every check held, a gap as deep as what did not. */
function Days(props: { days: Quality["days"] }): JSX.Element {
  const words = (day: Quality["days"][number]) =>
    `${dayText(day.day, locale(), { dateStyle: "medium" })}: ${percent(day.score, locale(), 0)}${
      day.failed > 0 ? `, ${counted(day.failed, "check", locale())} did not hold` : ""
    }`;
  const whole = () => props.days.filter(({ failed }) => failed === 0).length;
  return (
    <div class={styles.days}>
      <p class="small soft">
        {counted(props.days.length, "day", locale())}, every check held on {whole()} of them
      </p>
      <ol aria-label="Quality by day">
        <For each={props.days}>
          {(day) => (
            <li
              title={words(day)}
              data-failed={day.failed > 0 ? "" : undefined}
              style={{ "--share": `${day.score * 100}%` }}
            >
              <span class="visually-hidden">{words(day)}</span>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}
