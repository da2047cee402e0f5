/**
 * E-mails about accounts.
 * @module
 */
import { INVITATION_DAYS, type InvitationView } from "../../../schema/wire/organization";
import { letter } from "../../lib/email-template";

/** A message, for any e-mail driver. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Asks to confirm the address. `link` is absolute. */
export function verificationMail(to: string, link: string): Mail {
  return letter(to, {
    subject: "Confirm your e-mail address",
    why: "This address was used to create a Selvedge account. Confirm it so that reports and alerts can reach you.",
    button: "Confirm address",
    link,
    after: "The link works for 24 hours. If you did not create an account, ignore this message.",
  });
}

/** Contains a link to choose a new password. `link` is absolute. */
export function resetMail(to: string, link: string): Mail {
  return letter(to, {
    subject: "Choose a new password",
    why: "A new password was requested for your Selvedge account.",
    button: "Choose password",
    link,
    after:
      "The link works once, for one hour. If it was not you, ignore this message; your password is unchanged.",
  });
}

/** Invites to an organization. `link` is absolute. */
export function invitationMail(
  view: Pick<InvitationView, "email" | "organization" | "role" | "invited_by">,
  link: string,
): Mail {
  const { email, organization, role, invited_by } = view;
  return letter(email, {
    subject: `${invited_by} invites you to ${organization.name} on Selvedge`,
    why: `${invited_by} invites you to join ${organization.name} as ${role}, to view its analytics.`,
    button: "View invitation",
    link,
    after:
      `The link works once, for ${INVITATION_DAYS} days, and only with an account for ${email}. ` +
      "If you do not know who sent it, ignore this message: nothing happens unless you accept.",
  });
}
