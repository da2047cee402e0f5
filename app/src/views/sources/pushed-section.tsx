/**
 * Sources that receive data: the webhook address, and the upload of a CSV file.
 * @module
 */
import { createSignal, type JSX, Show } from "solid-js";
import { createForm } from "../../client/mutation";
import { source, uploadTable } from "../../client/sources";
import { origin } from "../../primitives/origin";
import { Button } from "../../ui/button";
import { Code } from "../../ui/copy";
import { Field } from "../../ui/field";
import { counted } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import type { SourceProps } from "./source-props";

/** Empty for sources that are polled. */
export function PushedSection(props: SourceProps): JSX.Element {
  return (
    <>
      <Show when={props.source.driver === "webhook"}>
        <Section
          title="Deliveries"
          about="Sign requests with Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature. Repeated deliveries are ignored."
        >
          <Code
            label="Webhook URL"
            text={`${origin()}/api/v1/webhooks/${encodeURIComponent(props.source.id)}`}
          />
        </Section>
      </Show>
      <Show when={props.source.driver === "csv"}>
        <Section
          title="File"
          about="Rows with a known key are replaced, others added. A file with an invalid row is rejected as a whole."
        >
          <Upload {...props} />
        </Section>
      </Show>
    </>
  );
}

function Upload(props: SourceProps): JSX.Element {
  const [result, setResult] = createSignal("");
  const form = createForm(
    async (data) => {
      const file = data.get("file");
      const text = file instanceof File ? await file.text() : "";
      return uploadTable(props.source.project_id, props.source.id, text);
    },
    {
      revalidate: [source.key],
      onSuccess: ({ rows, changed }) =>
        setResult(
          `${counted(rows, "row", locale())} read, ${counted(changed, "row", locale())} new or changed`,
        ),
    },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <fieldset class="form" disabled={!props.setting.mayRun}>
        <Field label="CSV file with a header row, up to 10 MB">
          {(control) => (
            <input {...control} class="input" type="file" name="file" accept=".csv,text/csv" required />
          )}
        </Field>
        <div class="form-foot">
          <Button type="submit" busy={form.pending() ? "Uploading" : undefined}>
            Upload
          </Button>
          <span class="small soft" role="status">
            {result()}
          </span>
        </div>
      </fieldset>
    </form>
  );
}
