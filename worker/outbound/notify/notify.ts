/**
 * Messages to those whom a project tells: by e-mail, and to Slack where it has a webhook.
 * @module
 */
import type { NotifySettings, NotifyUpdate } from "../../../schema/wire/source";
import { letter } from "../../lib/email-template";
import { emailDriver, escapeSlack, slackDriver } from ".";
import { guarded, refuseUrl, ringOf, type SourceBindings } from "../../sources/connections";
import {
  readChoice,
  readersOf,
  replaceSealed,
  saveChoice,
  sealedByOthers,
  strangersAmong,
} from "./settings-store";

/** What messages take. */
export interface TellBindings extends SourceBindings {
  EMAIL: SendEmail;
  EMAIL_FROM: string;
  /** Where the app is; empty when nobody has said. */
  APP_ORIGIN: string;
}

/** What is told. */
export interface Message {
  subject: string;
  why: string;
  lines: string[];
  button: string;
  /** Path within the app. */
  link: string;
}

const AFTER = "Who gets this message is chosen in the project's settings.";

/** Tells everyone whom the project tells. What cannot be sent is logged: notices stand all the same. */
export async function tellProject(bindings: TellBindings, project: string, message: Message): Promise<void> {
  const { people, slack } = await readChoice(bindings.CONTROL, project);
  const readers = await readersOf(bindings.CONTROL, project, people);
  const link = bindings.APP_ORIGIN ? bindings.APP_ORIGIN.replace(/\/$/, "") + message.link : undefined;
  const mails = emailDriver(bindings.EMAIL, bindings.EMAIL_FROM);
  const { subject, why, lines, button } = message;
  const words = { subject, why, quote: lines.join("\n"), button, after: AFTER, ...(link && { link }) };
  const sending = readers.map(({ email }) => mails.send(letter(email, words)));
  if (slack) sending.push(post());
  for (const result of await Promise.allSettled(sending))
    if (result.status === "rejected")
      console.error(JSON.stringify({ message: "not told", project, error: String(result.reason) }));

  async function post() {
    if (!slack) return;
    const url = await ringOf(bindings).open(slack, project);
    const texts = [`*${escapeSlack(subject)}*`, ...lines.map((line) => `• ${escapeSlack(line)}`)];
    await slackDriver(url, guarded(guardOf(bindings))).send(
      [...texts, ...(link ? [`<${link}|${escapeSlack(button)}>`] : [])].join("\n"),
    );
  }
}

const guardOf = ({ SOURCE_LOOPBACK }: SourceBindings) => ({ allowLoopback: SOURCE_LOOPBACK === "true" });

/** Whom the project tells, as people see it. */
export async function readNotify(control: D1Database, project: string): Promise<NotifySettings> {
  const { people, slack } = await readChoice(control, project);
  return { people, slack: slack !== null };
}

/** Why settings are not taken. */
export interface NotifyRefusal {
  field: "people" | "slack_url";
  message: string;
}

/** Changes whom the project tells. */
export async function changeNotify(
  bindings: SourceBindings,
  project: string,
  { people, slack_url }: NotifyUpdate,
): Promise<NotifyRefusal | null> {
  const control = bindings.CONTROL;
  const before = await readChoice(control, project);
  if (people && (await strangersAmong(control, project, people)).length > 0)
    return { field: "people", message: "Somebody of these is no member of the organisation." };
  const refusal = slack_url ? refuseUrl(slack_url, guardOf(bindings)) : null;
  if (refusal) return { field: "slack_url", message: refusal };
  const sealed = slack_url ? await ringOf(bindings).seal(slack_url, project) : null;
  await saveChoice(control, project, {
    people: people === undefined ? before.people : people,
    slack: slack_url === undefined ? before.slack : sealed,
  });
  return null;
}

const PAGE = 100;

/** Seals webhooks with the current key that another has sealed, some at a time. What does not open is logged and left. */
export async function sealWebhooksAgain(bindings: SourceBindings): Promise<void> {
  const ring = ringOf(bindings);
  for (const { project, sealed } of await sealedByOthers(bindings.CONTROL, ring.current, PAGE)) {
    try {
      const again = await ring.seal(await ring.open(sealed, project), project);
      await replaceSealed(bindings.CONTROL, project, sealed, again);
    } catch (error) {
      console.error(
        JSON.stringify({
          message: "a webhook does not open",
          project,
          key: sealed.key,
          error: String(error),
        }),
      );
    }
  }
}
