/**
 * Who may create an account: a setting of the deployment. The first account may always be created.
 * @module
 */
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { invitations } from "../../../schema/tables/content";
import { organizations, users } from "../../../schema/tables/control";
import { type SignUp, signUpModeSchema } from "../../../schema/wire/account";
import { fingerprint } from "../../lib/secret";
import { hasRow } from "../../lib/sql";
import { isUsable } from "./invitation";
import { personalOrganization } from "./organization";

/** The setting. */
export type SignUpRule = Omit<SignUp, "is_first">;

/** Why an account may not be created. */
export type SignUpRefusal = "signup_closed" | "signup_invitation_required" | "signup_domain_refused";

/** The rule of the deployment's variables. A mode that is none is `closed`. */
export function signUpRule({
  SIGNUP,
  SIGNUP_DOMAINS,
}: Record<"SIGNUP" | "SIGNUP_DOMAINS", string>): SignUpRule {
  const mode = signUpModeSchema.catch("closed").parse(SIGNUP);
  const listed = mode === "domains" ? SIGNUP_DOMAINS.toLowerCase().split(",") : [];
  return { mode, domains: listed.map((domain) => domain.trim()).filter((domain) => domain !== "") };
}

/** The rule, and whether there is no account yet. */
export async function readSignUp(control: D1Database, rule: SignUpRule): Promise<SignUp> {
  const found = await drizzle(control).select({ id: users.id }).from(users).limit(1).get();
  return { ...rule, is_first: !found };
}

/** Why the rule refuses an account for the address; null when it does not. */
export async function refuseSignUp(
  control: D1Database,
  { mode, domains }: SignUpRule,
  { email, invitation = "" }: { email: string; invitation?: string | undefined },
): Promise<SignUpRefusal | null> {
  if (mode === "open" || domains.includes(email.slice(email.lastIndexOf("@") + 1))) return null;
  const isNamed = and(eq(invitations.hash, await fingerprint(invitation)), eq(invitations.email, email));
  const isInvited = hasRow(invitations, and(isNamed, isUsable(Date.now())));
  const found = await drizzle(control)
    .select({ isInvited: isInvited.mapWith(Boolean) })
    .from(users)
    .limit(1)
    .get();
  if (!found) return null;
  if (mode === "invite") return found.isInvited ? null : "signup_invitation_required";
  return mode === "domains" ? "signup_domain_refused" : "signup_closed";
}

/** Deletes a new account that the rule refuses, with its own organization. */
export async function undoSignUp(control: D1Database, user: string): Promise<void> {
  const db = drizzle(control);
  await db.batch([
    db.delete(organizations).where(eq(organizations.id, personalOrganization(user))),
    db.delete(users).where(eq(users.id, user)),
  ]);
}
