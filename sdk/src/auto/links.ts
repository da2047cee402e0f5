/**
 * Outbound links and downloads. The browser navigates itself: the tracker's flush on hide sends the event.
 * @module
 */
import { emit, onClick } from "./emit.ts";

const FILES =
  /\.(pdf|docx?|xlsx?|pptx?|csv|txt|rtf|zip|gz|tgz|rar|7z|dmg|pkg|exe|msi|apk|deb|rpm|iso|mp3|mp4|mov|avi|wav|epub)$/i;

/** Count `outbound_click {url, host}` and `file_download {url, file}`. */
export const watchLinks = (): void =>
  onClick("a[href]", (_event, element) => {
    const { href, host, pathname, protocol } = element as HTMLAnchorElement;
    if (!protocol.startsWith("http")) return;
    // Query strings contain tokens and addresses and are not sent.
    const url = href.split(/[?#]/)[0];
    const file = pathname.split("/").pop();
    if (FILES.test(pathname)) emit("file_download", { url, file });
    else if (host !== location.host) emit("outbound_click", { url, host });
  });
