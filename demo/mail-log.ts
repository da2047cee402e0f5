/**
 * What the local runtime says: its warnings, and where it put each e-mail, because here nobody else delivers it.
 * @module
 */
import { Log, LogLevel } from "miniflare";

/** Miniflare 5 logs a sent message with its headers and the files that hold it, all in one text at level INFO. */
const SENT = /^To: (?<to>.+)$[\s\S]*^Subject: (?<subject>.+)$[\s\S]*^Text: (?<file>.+)$/m;

/** For `Miniflare`'s option `log`. */
export class MailLog extends Log {
  constructor() {
    super(LogLevel.WARN);
  }

  override logWithLevel(level: LogLevel, message: string): void {
    const { to, subject, file } = SENT.exec(message)?.groups ?? {};
    if (file) console.log(`mail to ${to}: ${subject}\n  ${file}`);
    else super.logWithLevel(level, message);
  }
}
