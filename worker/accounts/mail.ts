/**
 * The e-mails of accounts. Plain text says everything; HTML wears the cloth of the app: one column, inline styles
 * and no images, as mail programs ask.
 * @module
 */

/** A finished message, for whichever driver sends it. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

interface Words {
  subject: string;
  why: string;
  button: string;
  after: string;
}

/** Asks the owner of `to` to confirm the address. `link` is absolute. */
export function verificationMail(to: string, link: string): Mail {
  return compose(to, link, {
    subject: "Confirm your e-mail address",
    why: "This address was used to make a Selvedge account. Confirm it so that reports and alerts can reach you.",
    button: "Confirm address",
    after: "The link works for 24 hours. If you did not make an account, ignore this message.",
  });
}

/** Lets the owner of `to` choose a new password. `link` is absolute. */
export function resetMail(to: string, link: string): Mail {
  return compose(to, link, {
    subject: "Choose a new password",
    why: "Somebody, probably you, asked for a new password for your Selvedge account.",
    button: "Choose password",
    after:
      "The link works once, for one hour. If it was not you, ignore this message; your password is unchanged.",
  });
}

function compose(to: string, link: string, words: Words): Mail {
  const text = `${words.why}\n\n${words.button}: ${link}\n\n${words.after}\n`;
  const html = `<!doctype html><html lang="en"><body style="margin:0;background:#faf7f0;padding:32px 16px">
<div style="max-width:480px;margin:auto;background:#fff;border:1px solid #e6e0d2;border-left:4px solid #c8102e;
border-radius:8px;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1d2233">
<h1 style="font-size:18px;margin:0 0 12px">${words.subject}</h1><p>${words.why}</p>
<p><a href="${escaped(link)}" style="display:inline-block;background:#2b3a8c;color:#fff;padding:8px 16px;
border-radius:8px;text-decoration:none">${words.button}</a></p>
<p style="font-size:14px;color:#5b6178">${words.after}</p></div></body></html>`;
  return { to, subject: words.subject, text, html };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
