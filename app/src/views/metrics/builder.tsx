/**
 * The builder: what to count on the left, what it comes to on the right, kept in step while somebody types.
 * @module
 */
import { createAsync, revalidate, useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, type JSX, onCleanup, Show, Suspense } from "solid-js";
import { createStore } from "solid-js/store";
import type { Problem } from "../../../../schema/wire/error";
import type { Metric, MetricTemplate } from "../../../../schema/wire/metric";
import { changeMetric, createMetric, metrics } from "../../client/metrics";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import styles from "./builder.module.css";
import { type Draft, definitionOf, isAskable, missing, ruleOf } from "./draft";
import { FormulaField } from "./formula-field";
import { LooksForm } from "./looks-form";
import { namesOf } from "./names";
import { PreviewPanel } from "./preview";
import { askDraft } from "./preview-data";
import { RuleForm } from "./rule-form";
import type { MetricsSetting } from "./setting";

/** How long typing rests before the draft is asked. */
const REST_MS = 350;

const KINDS = [
  ["aggregate", "Count and calculate"],
  ["formula", "Formula of metrics"],
] as const;

interface BuilderProps {
  setting: MetricsSetting;
  draft: Draft;
  /** The saved metric that is changed. */
  metric?: Metric;
  /** Templates that the draft's formula rests on and nobody has defined yet: they are saved with it. */
  needs: readonly MetricTemplate[];
  /** Said beside the button at first: a change that was saved puts the form anew. */
  said?: string;
  onSaved?: () => void;
}

/** A question to the preview: name, rule, rules besides; null when there is not enough to ask. */
function questionOf(draft: Draft, needs: readonly MetricTemplate[]): [string, string, string] | null {
  if (!isAskable(draft)) return null;
  const besides = Object.fromEntries(needs.map(({ name, rule }) => [name, rule]));
  return [draft.name, JSON.stringify(ruleOf(draft)), JSON.stringify(besides)];
}

/** The form with its preview. */
export function Builder(props: BuilderProps): JSX.Element {
  const [draft, setDraft] = createStore<Draft>({ ...props.draft });
  const change = (part: Partial<Draft>) => setDraft(part);
  const wanted = createMemo(() => questionOf(draft, props.needs));
  const [question, setQuestion] = createSignal(wanted());
  createEffect(() => {
    const next = wanted();
    const timer = setTimeout(() => setQuestion(next), REST_MS);
    onCleanup(() => clearTimeout(timer));
  });
  const answer = createAsync(
    async () => {
      const asked = question();
      return asked ? { asked, found: await askDraft(props.setting.project.id, ...asked) } : undefined;
    },
    { deferStream: true },
  );
  const isCurrent = () => String(answer.latest?.asked ?? null) === String(wanted());
  const faults = () => {
    const latest = answer.latest;
    return isCurrent() && latest?.found.kind === "wrong" ? latest.found.faults : [];
  };
  return (
    <Suspense>
      <div class={styles.builder}>
        <div class={`${styles.rule} form`}>
          <fieldset class={`segments ${styles.kinds}`}>
            <legend class="visually-hidden">Kind of metric</legend>
            {KINDS.map(([kind, label]) => (
              <button type="button" aria-pressed={draft.kind === kind} onClick={() => change({ kind })}>
                {label}
              </button>
            ))}
          </fieldset>
          <Show
            when={draft.kind === "formula"}
            fallback={<RuleForm setting={props.setting} draft={draft} faults={faults()} onChange={change} />}
          >
            <FormulaField
              value={draft.formula}
              names={namesOf(props.setting, props.needs, props.metric?.name)}
              faults={faults()}
              onChange={(formula) => change({ formula })}
            />
            <Needs needs={props.needs} />
          </Show>
        </div>
        <PreviewPanel
          draft={draft}
          asked={answer.latest?.found}
          isWaiting={!isCurrent()}
          timezone={props.setting.project.timezone}
        />
        <SaveForm {...props} draft={draft} isWrong={faults().length > 0} onChange={change} />
      </div>
    </Suspense>
  );
}

function Needs(props: { needs: readonly MetricTemplate[] }): JSX.Element {
  return (
    <Show when={props.needs.length > 0}>
      <Notice title={`Defined with it: ${props.needs.map(({ label }) => label).join(", ")}`}>
        The formula rests on {props.needs.length === 1 ? "a metric" : "metrics"} that your organisation does
        not have yet. Saving defines {props.needs.length === 1 ? "it" : "them"} too; change what counts
        afterwards.
      </Notice>
    </Show>
  );
}

/** Fields of the definition that show what is wrong with them. */
const FIELDS = ["label", "name", "description", "format"];

function SaveForm(
  props: BuilderProps & { isWrong: boolean; onChange: (change: Partial<Draft>) => void },
): JSX.Element {
  const navigate = useNavigate();
  const [problem, setProblem] = createSignal<Problem>();
  const [busy, setBusy] = createSignal(false);
  const [said, setSaid] = createSignal(props.said);
  const wrong = (field: string) => problem()?.errors?.find(({ path }) => path === field)?.message;
  /** True when the refusal is about something that has no field to stand at. */
  const isElsewhere = () => {
    const errors = problem()?.errors ?? [];
    return errors.length === 0 || errors.some(({ path }) => !FIELDS.includes(path));
  };
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const lack = missing(props.draft);
    setSaid(lack);
    if (lack || busy()) return;
    setBusy(true);
    setProblem(undefined);
    const result = await store(props);
    setBusy(false);
    if (!result.ok) return setProblem(result.problem);
    props.onSaved?.();
    await revalidate(metrics.key);
    const list = `/projects/${props.setting.project.id}/metrics`;
    if (!props.metric) navigate(`${list}/${result.data.id}`);
  };
  return (
    <form class={`${styles.looks} form`} id="metric-form" novalidate onSubmit={(event) => void save(event)}>
      <h2>How it reads</h2>
      <LooksForm draft={props.draft} wrong={wrong} onChange={props.onChange} />
      <Show when={isElsewhere()}>
        <ProblemNotice
          problem={problem()}
          action={
            <Show when={problem()?.code === "conflict" && props.metric}>
              <Button size="s" onClick={() => void revalidate(metrics.key)}>
                See what it is now
              </Button>
            </Show>
          }
        />
      </Show>
      <div class="form-foot">
        <Button kind="main" type="submit" disabled={props.isWrong} busy={busy() ? "Saving" : undefined}>
          {props.metric ? "Save the change" : "Save the metric"}
        </Button>
        <span class="soft" role="status">
          {said()}
        </span>
      </div>
    </form>
  );
}

/** Saves what it rests on first, and then the metric. */
async function store({ setting, draft, metric, needs }: BuilderProps) {
  const organization = setting.project.organization_id;
  const json = { ...definitionOf(draft), sharing: draft.sharing };
  if (metric) return changeMetric(organization, metric.id, { ...json, version: metric.version });
  for (const { needs: _, ...template } of needs) {
    const made = await createMetric(organization, { ...template, sharing: draft.sharing });
    if (!made.ok) return made;
  }
  return createMetric(organization, json);
}
