/**
 * The e-mail about a mention.
 * @module
 */
import { letter } from "../../lib/email-template";
import type { Email } from "../../outbound/notify";
import { withoutIds } from "./mentions";
import type { Member } from "./people-store";

/** Number of characters of the comment in the e-mail. */
const EXCERPT = 1000;

export interface Mention {
  author: string;
  /** Name of the dashboard. */
  dashboard: string;
  body: string;
  /** Absolute URL of the comment. */
  link: string;
}

/** Returns the e-mails to the members whom a comment mentions. */
export function mentionMails(people: readonly Member[], mention: Mention): Email[] {
  return people.map(({ email }) => mentionMail(email, mention));
}

function mentionMail(to: string, { author, dashboard, body, link }: Mention): Email {
  const text = withoutIds(body);
  return letter(to, {
    subject: `${author} mentioned you on ${dashboard}`,
    why: `${author} mentioned you in a comment on the dashboard “${dashboard}”:`,
    quote: text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text,
    button: "Open the comment",
    link,
    after: "You receive this message because you are a member of the organization that owns the dashboard.",
  });
}
