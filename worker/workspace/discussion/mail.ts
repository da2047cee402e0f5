/**
 * The e-mail that a mention sends.
 * @module
 */
import { letter } from "../../lib/email-template";
import type { EmailDriver } from "../../outbound/notify";
import { withoutIds } from "./mentions";
import type { Member } from "./people-store";

/** Characters of the comment that the e-mail shows. */
const EXCERPT = 1000;

/** A mention as it is told. `link` is absolute and leads to the comment. */
export interface Mention {
  author: string;
  dashboard: string;
  body: string;
  link: string;
}

/** Writes to each of the people. What cannot be sent is logged: the comment stands all the same. */
export async function tellMentioned(
  driver: EmailDriver,
  people: readonly Member[],
  mention: Mention,
): Promise<void> {
  const sent = await Promise.allSettled(people.map(({ email }) => driver.send(mentionMail(email, mention))));
  for (const result of sent) {
    if (result.status === "rejected") {
      console.error(JSON.stringify({ message: "a mention was not sent", error: String(result.reason) }));
    }
  }
}

function mentionMail(to: string, { author, dashboard, body, link }: Mention) {
  const said = withoutIds(body);
  return letter(to, {
    subject: `${author} mentioned you on ${dashboard}`,
    why: `${author} mentioned you in a comment on the dashboard “${dashboard}”:`,
    quote: said.length > EXCERPT ? `${said.slice(0, EXCERPT)}…` : said,
    button: "Open the comment",
    link,
    after: "You get this message because you are a member of the organisation that owns the dashboard.",
  });
}
