/**
 * The metric builder: the rule on the left, a live preview on the right.
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
import { DisplayForm } from "./display-form";
import { type Draft, definitionOf, isComplete, missing, ruleOf } from "./draft";
import { FormulaField } from "./formula-field";
import { namesOf } from "./names";
import { PreviewPanel } from "./preview";
import { queryDraft } from "./preview-data";
import { RuleForm } from "./rule-form";
import type { MetricsSetting } from "./setting";

/** Delay after the last change before the preview is queried. */
const DEBOUNCE_MS = 350;

const KINDS = [
  ["aggregate", "Aggregate"],
  ["formula", "Formula"],
] as const;

interface BuilderProps {
  setting: MetricsSetting;
  draft: Draft;
  /** The saved metric being edited. */
  metric?: Metric;
  /** Undefined templates that the draft's formula depends on; they are saved with it. */
  needs: readonly MetricTemplate[];
  /** Initial status text beside the button; saving re-creates the form. */
  status?: string;
  onSaved?: () => void;
}

/** Arguments of the preview: name, rule and unsaved rules as JSON; null while the draft is incomplete. */
function requestOf(draft: Draft, needs: readonly MetricTemplate[]): [string, string, string] | null {
  if (!isComplete(draft)) return null;
  const besides = Object.fromEntries(needs.map(({ name, rule }) => [name, rule]));
  return [draft.name, JSON.stringify(ruleOf(draft)), JSON.stringify(besides)];
}

/** The form with its preview. */
export function Builder(props: BuilderProps): JSX.Element {
  const [draft, setDraft] = createStore<Draft>({ ...props.draft });
  const change = (part: Partial<Draft>) => setDraft(part);
  const wanted = createMemo(() => requestOf(draft, props.needs));
  const [request, setRequest] = createSignal(wanted());
  createEffect(() => {
    const next = wanted();
    const timer = setTimeout(() => setRequest(next), DEBOUNCE_MS);
    onCleanup(() => clearTimeout(timer));
  });
  const answer = createAsync(
    async () => {
      const current = request();
      return current
        ? { request: current, result: await queryDraft(props.setting.project.id, ...current) }
        : undefined;
    },
    { deferStream: true },
  );
  const isCurrent = () => String(answer.latest?.request ?? null) === String(wanted());
  const faults = () => {
    const latest = answer.latest;
    return isCurrent() && latest?.result.kind === "wrong" ? latest.result.faults : [];
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
          result={answer.latest?.result}
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
      <Notice title={`Also creates: ${props.needs.map(({ label }) => label).join(", ")}`}>
        The formula uses {props.needs.length === 1 ? "a metric" : "metrics"} that your organization does not
        have yet. Saving creates {props.needs.length === 1 ? "it" : "them"} as well.
      </Notice>
    </Show>
  );
}

/** Fields of the definition that show their own errors. */
const FIELDS = ["label", "name", "description", "format"];

function SaveForm(
  props: BuilderProps & { isWrong: boolean; onChange: (change: Partial<Draft>) => void },
): JSX.Element {
  const navigate = useNavigate();
  const [problem, setProblem] = createSignal<Problem>();
  const [busy, setBusy] = createSignal(false);
  const [status, setStatus] = createSignal(props.status);
  const wrong = (field: string) => problem()?.errors?.find(({ path }) => path === field)?.message;
  /** Whether the problem concerns something without a field. */
  const isElsewhere = () => {
    const errors = problem()?.errors ?? [];
    return errors.length === 0 || errors.some(({ path }) => !FIELDS.includes(path));
  };
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const reason = missing(props.draft);
    setStatus(reason);
    if (reason || busy()) return;
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
      <h2>Display</h2>
      <DisplayForm draft={props.draft} wrong={wrong} onChange={props.onChange} />
      <Show when={isElsewhere()}>
        <ProblemNotice
          problem={problem()}
          action={
            <Show when={problem()?.code === "version_conflict"}>
              <Button size="s" onClick={() => void revalidate(metrics.key)}>
                Load the current version
              </Button>
            </Show>
          }
        />
      </Show>
      <div class="form-foot">
        <Button kind="main" type="submit" disabled={props.isWrong} busy={busy() ? "Saving" : undefined}>
          {props.metric ? "Save changes" : "Create metric"}
        </Button>
        <span class="soft" role="status">
          {status()}
        </span>
      </div>
    </form>
  );
}

/** Saves the metrics it depends on first, then the metric. */
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
