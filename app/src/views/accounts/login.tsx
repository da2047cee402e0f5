/**
 * Sign-in.
 * @module
 */
import { useLocation, useSearchParams } from "@solidjs/router";
import type { JSX } from "solid-js";
import { login } from "../../client/accounts";
import { createForm, textOf } from "../../client/mutation";
import { Button } from "../../ui/button";
import { PasswordField, TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { AuthPage } from "./auth-page";

/** Where to go after signing in: a path of this site, never another site. */
export function safeNext(next: string | string[] | undefined): string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/projects";
}

/** The form; the next page is loaded in full, with its data. */
export function LoginView(): JSX.Element {
  const { search } = useLocation();
  const [params] = useSearchParams<{ next?: string; reset?: string; email?: string }>();
  const form = createForm((data) => login(textOf(data, "email"), String(data.get("password") ?? "")), {
    onSuccess: () => window.location.assign(safeNext(params.next)),
  });
  return (
    <AuthPage
      title="Sign in"
      lead={params.reset ? "Your password was changed. Sign in with the new one." : "Welcome back."}
      foot={
        <>
          No account yet? <a href={`/register${search}`}>Create account</a>
        </>
      }
    >
      <form class="form" method="post" onSubmit={form.submit}>
        <ProblemNotice problem={form.problem()} />
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
          autocomplete="current-password"
          required
          error={form.fieldError("password")}
        />
        <Button kind="main" type="submit" busy={form.pending() ? "Signing in" : undefined}>
          Sign in
        </Button>
        <p>
          <a href="/forgot-password">Forgot password?</a>
        </p>
      </form>
    </AuthPage>
  );
}
