/**
 * One browser and one site per test file; a new visitor per test.
 * @module
 */
import type { Browser, BrowserContext, LaunchOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Tracker } from "../../sdk/src/types.ts";
import { launchBrowser } from "../support/browser.ts";
import { makeSite, type Site } from "./site.ts";

/** The environment of a test. */
export interface Harness {
  site: Site;
  browser: Browser;
  /** A new visitor: no storage, no history. `init` runs in each page before its own scripts. */
  visitor(init?: () => void): Promise<Page>;
  /** Waits until as many events of a name have been accepted, and returns them. */
  arrived(name: string, count: number): Promise<ReturnType<Site["events"]>>;
}

/** Starts everything for the calling file. */
export function useHarness(options?: LaunchOptions): Harness {
  const harness = {} as Harness;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    harness.browser = await launchBrowser(options);
  });
  // One for each test: a page sends its last events when it is closed, after the test.
  beforeEach(async () => {
    harness.site = await makeSite();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    await harness.site?.close();
  });
  afterAll(() => harness.browser?.close());
  harness.visitor = async (init) => {
    const context = await harness.browser.newContext();
    contexts.push(context);
    if (init) await context.addInitScript(init);
    return await context.newPage();
  };
  harness.arrived = async (name, count) => {
    await expect.poll(() => harness.site.events(name).length).toBeGreaterThanOrEqual(count);
    return harness.site.events(name);
  };
  return harness;
}

/** Calls the tracker like a script of the page. */
export async function say(page: Page, method: keyof Tracker, ...args: unknown[]): Promise<void> {
  await page.evaluate(
    ([name, given]) => {
      const tracker = window.selvedge as unknown as Record<string, (...args: unknown[]) => void>;
      tracker[name]?.(...given);
    },
    [method, args] as const,
  );
}
