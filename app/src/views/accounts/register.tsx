/**
 * Registration.
 * @module
 */
import { useLocation, useSearchParams } from "@solidjs/router";
import type { JSX } from "solid-js";
import { register } from "../../client/accounts";
import { createForm, textOf } from "../../client/mutation";
import { Button } from "../../ui/button";
import { PasswordField, TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { AuthPage } from "./auth-page";
import { safeNext } from "./login";

const MIN_PASSWORD = 8;

/** Secret of the invitation whose page the new account returns to. */
const invitationIn = (next: string | undefined) => /^\/invitations\/([\w-]+)$/.exec(next ?? "")?.[1];

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
  return (
    <AuthPage
      title="Create account"
      lead="Add a project and see your first data in two minutes."
      foot={
        <>
          Already have an account? <a href={`/login${search}`}>Sign in</a>
        </>
      }
    >
      <form class="form" method="post" onSubmit={form.submit}>
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
