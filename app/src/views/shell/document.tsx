/**
 * The HTML document: head, and root attributes that set the theme before the first paint.
 * @module
 */

import latin from "@fontsource-variable/familjen-grotesk/files/familjen-grotesk-latin-wght-normal.woff2?url";
import type { JSX } from "solid-js";
import { getRequestEvent } from "solid-js/web";
import { RAILS, THEMES } from "../../primitives/choices";
import { readChoice } from "../../primitives/cookie";
import { locale } from "../../ui/locale";
import { RECORD_EARLY_PRESS } from "./early-press";

/** Rendered on the server only. */
export function Document(props: {
  assets?: JSX.Element;
  scripts: JSX.Element;
  children?: JSX.Element;
}): JSX.Element {
  const theme = readChoice("theme", THEMES);
  const rail = readChoice("rail", RAILS);
  return (
    <html
      lang="en"
      data-locale={locale()}
      data-theme={theme === "system" ? undefined : theme}
      data-rail={rail === "wide" ? undefined : rail}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/favicon.ico" sizes="32x32" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
        <link rel="manifest" href="/site.webmanifest" />
        <link rel="preload" href={latin} as="font" type="font/woff2" crossorigin="anonymous" />
        <script nonce={getRequestEvent()?.locals.nonce} innerHTML={RECORD_EARLY_PRESS} />
        {props.assets}
      </head>
      <body>
        <div id="app">{props.children}</div>
        {props.scripts}
      </body>
    </html>
  );
}
