/**
 * Browser tabs: one signed in to the product, one on another site with the tracker.
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Product } from "./product.ts";

/** Longer than any step takes on a busy machine. */
const PATIENCE_MS = 20_000;

/** A tab of a separate visitor, and all console errors. */
export interface Tab {
  page: Page;
  errors: string[];
  close(): Promise<void>;
}

/** Opens a tab without cookies or storage. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
  });
  return { page, errors, close: () => context.close() };
}

/**
 * Waits until a part of the page that the server rendered is hydrated: Solid sets its handlers on elements as
 * `$$click`. A click before that is recorded by the page and replayed, which takes as long; tests wait instead.
 */
export async function awake(page: Page, part = "body"): Promise<void> {
  await page.waitForFunction(
    (selector) => [...document.querySelectorAll(`${selector} button`)].some((button) => "$$click" in button),
    part,
  );
}

/** Signs in through the form with the product's account, and waits for the next page. */
export async function signIn(
  page: Page,
  { url, email, password }: Pick<Product, "email" | "password"> & { url: string },
  next = "/projects",
): Promise<void> {
  await page.goto(`${url}/login?next=${encodeURIComponent(next)}`, { waitUntil: "load" });
  await awake(page);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${url}${next}`);
  await awake(page);
}

/** Another site: every path is the same page. */
export interface OtherSite {
  url: string;
  /** Inserted into the head of the page from now on. */
  head: string;
  close(): Promise<void>;
}

/** Starts it on its own port, and therefore its own origin. */
export async function startOtherSite(): Promise<OtherSite> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(
      `<!doctype html><html lang="en"><head><title>A shop</title><link rel="icon" href="data:,">${otherSite.head}</head>
       <body><h1>A shop</h1></body></html>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const otherSite: OtherSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    head: "",
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return otherSite;
}
