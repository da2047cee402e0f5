/**
 * Sources that nobody asks: where deliveries go, and the table that is uploaded again.
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

/** Nothing for sources that are asked. */
export function PushedSection(props: SourceProps): JSX.Element {
  return (
    <>
      <Show when={props.source.driver === "webhook"}>
        <Section
          title="Deliveries"
          about="Signed as Standard Webhooks describe: webhook-id, webhook-timestamp, webhook-signature. A delivery is taken once."
        >
          <Code
            label="Address for deliveries"
            text={`${origin()}/api/v1/webhooks/${encodeURIComponent(props.source.id)}`}
          />
        </Section>
      </Show>
      <Show when={props.source.driver === "csv"}>
        <Section
          title="File"
          about="Rows with a known key are replaced, others are added. A row that does not fit refuses the whole file."
        >
          <Upload {...props} />
        </Section>
      </Show>
    </>
  );
}

function Upload(props: SourceProps): JSX.Element {
  const [said, setSaid] = createSignal("");
  const form = createForm(
    async (data) => {
      const file = data.get("file");
      const text = file instanceof File ? await file.text() : "";
      return uploadTable(props.source.project_id, props.source.id, text);
    },
    {
      revalidate: [source.key],
      onSuccess: ({ rows, changed }) =>
        setSaid(
          `${counted(rows, "row", locale())} read, ${counted(changed, "row", locale())} new or changed`,
        ),
    },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <fieldset class="form" disabled={!props.setting.mayRun}>
        <Field label="CSV with a header, up to 10 MB">
          {(tied) => (
            <input {...tied} class="input" type="file" name="file" accept=".csv,text/csv" required />
          )}
        </Field>
        <div class="form-foot">
          <Button type="submit" busy={form.pending() ? "Uploading" : undefined}>
            Upload
          </Button>
          <span class="small soft" role="status">
            {said()}
          </span>
        </div>
      </fieldset>
    </form>
  );
}
