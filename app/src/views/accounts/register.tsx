/**
 * Registration.
 * @module
 */
import { createAsync, useLocation, useSearchParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { SignUp } from "../../../../schema/wire/account";
import { register, signUp } from "../../client/accounts";
import { dataOf } from "../../client/http";
import { createForm, textOf } from "../../client/mutation";
import { Button } from "../../ui/button";
import { PasswordField, TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { AuthPage } from "./auth-page";
import { safeNext } from "./login";

const MIN_PASSWORD = 8;

/** Secret of the invitation whose page the new account returns to. */
const invitationIn = (next: string | undefined) => /^\/invitations\/([\w-]+)$/.exec(next ?? "")?.[1];

/** Why the form is not shown; undefined when it is. */
function refusalOf(rule: SignUp | undefined, invitation: string | undefined): string | undefined {
  if (!rule || rule.is_first) return undefined;
  if (rule.mode === "closed") return "This deployment takes no new accounts.";
  if (rule.mode === "invite" && !invitation)
    return "Accounts are by invitation: open the link of yours, or ask a member for one.";
  return undefined;
}

/** Which addresses may be used, unless all may. */
const domainsHint = (rule: SignUp | undefined) =>
  rule?.mode === "domains" && !rule.is_first ? `An address of ${rule.domains.join(" or ")}` : undefined;

/** The form; signs the new account in and opens the requested page, else the list of projects. */
export function RegisterView(): JSX.Element {
  const { search } = useLocation();
  const [params] = useSearchParams<{ next?: string; email?: string }>();
  const form = createForm(
    (data) =>
      register({
        email: textOf(data, "email"),
        password: String(data.get("password") ?? ""),
        name: textOf(data, "name") || undefined,
        invitation: invitationIn(params.next),
      }),
    { onSuccess: () => window.location.assign(safeNext(params.next)) },
  );
  const rule = createAsync(() => signUp(), { deferStream: true });
  const shown = () => dataOf(rule());
  const refusal = () => refusalOf(shown(), invitationIn(params.next));
  return (
    <AuthPage
      title="Create account"
      lead={
        shown()?.is_first
          ? "This is the first account of this deployment: it needs no invitation and no confirmation."
          : "Add a project and see your first data in two minutes."
      }
      foot={
        <>
          Already have an account? <a href={`/login${search}`}>Sign in</a>
        </>
      }
    >
      <Show when={refusal()}>{(text) => <Notice title="No new accounts">{text()}</Notice>}</Show>
      <form class="form" method="post" hidden={refusal() !== undefined} onSubmit={form.submit}>
        <ProblemNotice problem={form.problem()} />
        <TextField
          label="Name"
          name="name"
          autocomplete="name"
          hint="Optional"
          error={form.fieldError("name")}
        />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autocomplete="username"
          required
          value={params.email ?? ""}
          hint={domainsHint(shown())}
          error={form.fieldError("email")}
        />
        <PasswordField
          label="Password"
          name="password"
          autocomplete="new-password"
          minlength={MIN_PASSWORD}
          required
          hint="At least 8 characters. Several words are stronger than one complex word."
          error={form.fieldError("password")}
        />
        <Button kind="main" type="submit" busy={form.pending() ? "Creating account" : undefined}>
          Create account
        </Button>
      </form>
    </AuthPage>
  );
}
