/**
 * The user's organizations, and a form to create one.
 * @module
 */
import { createAsync, useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX } from "solid-js";
import { me } from "../../client/accounts";
import { dataOf } from "../../client/http";
import { createForm, textOf } from "../../client/mutation";
import { createOrganization, organizations } from "../../client/organizations";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { counted } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import { ROLES } from "./roles";

/** The list with the user's role in each. */
export function OrganizationsSection(): JSX.Element {
  const found = createAsync(() => organizations(), { deferStream: true });
  const [making, setMaking] = createSignal(false);
  const list = () => dataOf(found())?.data ?? [];
  return (
    <Section
      id="organizations"
      title="Organizations"
      about="Teams that share projects. What you create in an organization belongs to it."
    >
      <ul class="lines">
        <For each={list()}>
          {(each) => (
            <li>
              <div>
                <a href={`/organizations/${each.id}`}>{each.name}</a>
                <p class="small soft">
                  {counted(each.members, "member", locale())}, {counted(each.projects, "project", locale())}
                </p>
              </div>
              <span class="soft">{ROLES[each.role].name}</span>
            </li>
          )}
        </For>
      </ul>
      <div class="form-foot">
        <Button onClick={() => setMaking(true)}>New organization</Button>
      </div>
      <Dialog open={making()} title="New organization" onClose={() => setMaking(false)}>
        <CreateOrganization />
      </Dialog>
    </Section>
  );
}

function CreateOrganization(): JSX.Element {
  const navigate = useNavigate();
  const form = createForm((data) => createOrganization(textOf(data, "name")), {
    revalidate: [organizations.key, me.key],
    onSuccess: (made) => navigate(`/organizations/${made.id}`),
  });
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.formProblem()} />
      <TextField
        label="Name"
        name="name"
        required
        autofocus
        maxlength={120}
        autocomplete="organization"
        hint="You become its owner and can invite members."
        error={form.fieldError("name")}
      />
      <div class="form-foot">
        <Button kind="main" type="submit" busy={form.pending() ? "Creating" : undefined}>
          Create organization
        </Button>
      </div>
    </form>
  );
}
