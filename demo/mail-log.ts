/**
 * Output of the local runtime: warnings, and the file of each e-mail, which is not delivered locally.
 * @module
 */
import { Log, LogLevel } from "miniflare";

/** An e-mail that the runtime stored in files. */
export interface LocalMail {
  to: string;
  subject: string;
  /** Path of its text. */
  file: string;
}

/** Miniflare 5 logs a sent message with its headers and the paths of its files, in one text at level INFO. */
const SENT = /^To: (?<to>.+)$[\s\S]*^Subject: (?<subject>.+)$[\s\S]*^Text: (?<file>.+)$/m;

/** For `Miniflare`'s option `log`. `onMail` is called for each e-mail. */
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
