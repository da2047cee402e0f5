/**
 * What the local runtime says: its warnings, and where it put each e-mail, because here nobody else delivers it.
 * @module
 */
import { Log, LogLevel } from "miniflare";

/** An e-mail that the runtime put into files. */
export interface LocalMail {
  to: string;
  subject: string;
  /** Path of its text. */
  file: string;
}

/** Miniflare 5 logs a sent message with its headers and the files that hold it, all in one text at level INFO. */
const SENT = /^To: (?<to>.+)$[\s\S]*^Subject: (?<subject>.+)$[\s\S]*^Text: (?<file>.+)$/m;

/** For `Miniflare`'s option `log`. `onMail` hears of each e-mail. */
export class MailLog extends Log {
  readonly #onMail: (mail: LocalMail) => void;

  constructor(onMail: (mail: LocalMail) => void = print) {
    super(LogLevel.WARN);
    this.#onMail = onMail;
  }

  override logWithLevel(level: LogLevel, message: string): void {
    const { to, subject, file } = SENT.exec(message)?.groups ?? {};
    if (to && subject && file) this.#onMail({ to, subject, file });
    else super.logWithLevel(level, message);
  }
}

function print({ to, subject, file }: LocalMail): void {
  console.log(`mail to ${to}: ${subject}\n  ${file}`);
}
