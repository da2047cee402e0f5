/**
 * Leaving an organization, and deleting it.
 * @module
 */
import { createAsync, revalidate, useNavigate } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import type { OrganizationDetail } from "../../../../schema/wire/organization";
import { me } from "../../client/accounts";
import { dataOf } from "../../client/http";
import { createForm } from "../../client/mutation";
import { deleteOrganization, leaveOrganization, members, organizations } from "../../client/organizations";
import { projects } from "../../client/projects";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import { DeleteByName } from "../projects/delete-by-name";

/** The last section of the page: leave or delete. */
export function EndSection(props: { organization: OrganizationDetail }): JSX.Element {
  const [asking, setAsking] = createSignal<"leave" | "delete">();
  const close = () => setAsking(undefined);
  const gone = createGone();
  const isOwner = () => props.organization.role === "owner";
  return (
    <Section
      title={isOwner() ? "Leave or delete" : "Leave"}
      about={
        isOwner()
          ? "Deleting cannot be undone. To leave, the organization needs another owner."
          : "You lose access. Other members keep theirs."
      }
    >
      <Leave organization={props.organization} ask={() => setAsking("leave")} />
      <Show when={isOwner()}>
        <div class="danger form">
          <p>
            <Show
              when={props.organization.projects === 0}
              fallback="Delete all projects of this organization first."
            >
              This deletes {props.organization.name} with its metrics, members and invitations.
            </Show>
          </p>
          <div class="form-foot">
            <Button
              kind="danger"
              disabled={props.organization.projects > 0}
              onClick={() => setAsking("delete")}
            >
              Delete {props.organization.name}
            </Button>
          </div>
        </div>
      </Show>
      <Dialog open={asking() === "leave"} title={`Leave ${props.organization.name}`} onClose={close}>
        <ConfirmLeave organization={props.organization} onClose={close} />
      </Dialog>
      <Dialog open={asking() === "delete"} title={`Delete ${props.organization.name}`} onClose={close}>
        <DeleteByName
          kind="organization"
          name={props.organization.name}
          send={(typed) => deleteOrganization(props.organization.id, typed)}
          onDone={gone}
          onClose={close}
        />
      </Dialog>
    </Section>
  );
}

function Leave(props: { organization: OrganizationDetail; ask: () => void }): JSX.Element {
  const found = createAsync(() => members(props.organization.id), { deferStream: true });
  const isLastOwner = () => {
    const owners = (dataOf(found())?.data ?? []).filter(({ role }) => role === "owner");
    return props.organization.role === "owner" && owners.length < 2;
  };
  return (
    <div class="form">
      <p class="soft">
        <Show
          when={isLastOwner()}
          fallback="You lose access immediately. To return, you need a new invitation."
        >
          You are the only owner. Make another member an owner first.
        </Show>
      </p>
      <div class="form-foot">
        <Button disabled={isLastOwner()} onClick={() => props.ask()}>
          Leave
        </Button>
      </div>
    </div>
  );
}

/** What follows after the user has left the organization. */
function createGone(): () => void {
  const navigate = useNavigate();
  return () => {
    void revalidate([me.key, organizations.key, projects.key]);
    navigate("/projects");
  };
}

function ConfirmLeave(props: { organization: OrganizationDetail; onClose: () => void }): JSX.Element {
  const form = createForm(() => leaveOrganization(props.organization.id), { onSuccess: createGone() });
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <p>
        You lose access to {props.organization.name} and its projects immediately. What you created stays in
        the organization. Your pending invitations are revoked.
      </p>
      <div class="dialog-foot">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="danger" type="submit" busy={form.pending() ? "Leaving" : undefined}>
          Leave
        </Button>
      </div>
    </form>
  );
}
