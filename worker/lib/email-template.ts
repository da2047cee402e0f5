/**
 * E-mails: the plain text is complete; the HTML has the app's style in one column, with inline styles and no images, as
 * mail programs require. All values are text and are escaped.
 * @module
 */

/** The contents of an e-mail. */
export interface Words {
  subject: string;
  why: string;
  /** A quotation of a user's own text. */
  quote?: string;
  /** Absolute URL and label of the button; without them there is no button. */
  button?: string;
  link?: string;
  after: string;
}

/** Composes both forms of an e-mail to `to`. */
export function letter(
  to: string,
  words: Words,
): { to: string; subject: string; text: string; html: string } {
  // A line break would end the header.
  const subject = words.subject.replace(/[\r\n\t]+/g, " ");
  return { to, subject, text: textOf(words), html: htmlOf({ ...words, subject }) };
}

function textOf({ why, quote, button, link, after }: Words): string {
  const quoted = quote === undefined ? [] : [quote.replace(/^/gm, "> ")];
  const leads = link === undefined ? [] : [`${button}: ${link}`];
  return `${[why, ...quoted, ...leads, after].join("\n\n")}\n`;
}

function htmlOf({ subject, why, quote, button = "", link, after }: Words): string {
  const quoted =
    quote === undefined
      ? ""
      : `<blockquote style="margin:0 0 16px;padding:8px 16px;border-left:4px solid #e6e0d2;
white-space:pre-wrap">${escaped(quote)}</blockquote>`;
  const leads =
    link === undefined
      ? ""
      : `<p><a href="${escaped(link)}" style="display:inline-block;background:#2b3a8c;color:#fff;padding:8px 16px;
border-radius:8px;text-decoration:none">${escaped(button)}</a></p>
`;
  return `<!doctype html><html lang="en"><body style="margin:0;background:#faf7f0;padding:32px 16px">
<div style="max-width:480px;margin:auto;background:#fff;border:1px solid #e6e0d2;border-left:4px solid #c8102e;
border-radius:8px;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1d2233">
<h1 style="font-size:18px;margin:0 0 12px">${escaped(subject)}</h1><p>${escaped(why)}</p>${quoted}
${leads}<p style="font-size:14px;color:#5b6178">${escaped(after)}</p></div></body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
