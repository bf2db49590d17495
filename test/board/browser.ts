import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "./find-chromium.ts";

/** A page whose mistakes are kept. */
export interface WatchedPage {
  readonly page: Page;
  /** What the browser reported: refusals by the policy, errors, uncaught exceptions. */
  readonly complaints: readonly string[];
  /** Address of every request that was sent. */
  readonly requested: readonly string[];
  close(): Promise<void>;
}

/** Set where a browser is installed on purpose: there, its absence is a failure. */
const REQUIRED = "BOARD_BROWSER";

/** What a page needs nothing of; the last list that Chromium is given is the one that counts. */
const DISABLED_FEATURES = [
  // Two pages of the browser's own behind the address bar of each window, with a process each.
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
  // As in Playwright's list: what looks things up, or acts without being called.
  ...["HttpsUpgrades", "MediaRouter", "OptimizationHints", "PaintHolding", "Translate"],
];
const CHROMIUM_ARGUMENTS = [
  // The sandbox of Chromium cannot be used by root, as in containers.
  "--no-sandbox",
  `--disable-features=${DISABLED_FEATURES.join(",")}`,
];

/**
 * Starts Chromium; null, with the reason, where none is installed.
 * @throws Error when one is required and missing.
 */
export async function startBrowser(): Promise<Browser | null> {
  const executablePath = findChromium();
  if (executablePath !== null) {
    return chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  }
  if (process.env[REQUIRED] === "required") {
    throw new Error(`Chromium is not installed, and ${REQUIRED} requires it.`);
  }
  return null;
}

export const NO_BROWSER =
  "Chromium is not installed; apt-get install chromium, or set CHROMIUM_PATH";

/** Opens an empty page. Messages about answers of the app (401, 404, 503) do not count. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions & { readonly withClock?: boolean } = {},
): Promise<WatchedPage> {
  const { withClock = false, ...contextOptions } = options;
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  if (withClock) await page.clock.install();
  const complaints: string[] = [];
  const requested: string[] = [];
  page.on("console", (message) => {
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (!isAnswer && ["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requested.push(request.url()));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { page, complaints, requested, close: () => context.close() };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with a page, by all of its rules or by those named: rule and element. */
export async function findViolations(
  page: Page,
  rules: readonly string[] | null = null,
): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    const { violations } = await (
      globalThis as unknown as {
        axe: {
          run(options: {
            runOnly?: readonly string[];
          }): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        };
      }
    ).axe.run(runOnly === null ? {} : { runOnly });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, rules);
}

/** What makes a page wider than the window: the elements that reach beyond its right edge. */
export function listTooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("main *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Makes the page believe that it is hidden, or shown again. */
export async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    const value = hidden ? "hidden" : "visible";
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

/** Tasks of one page, as Chromium traces them. */
export interface TaskTrace {
  /** Ends the trace. Returns the processor time of each task of a page, in milliseconds. */
  stop(page: Page): Promise<readonly number[]>;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Time of the thread on a processor, in microseconds. */
  readonly tdur?: number;
}

/** By this mark the thread of a page is known among those of Chromium's own pages. */
const PAGE_MARK = "the page that is traced";

/** Begins to trace all tasks of the browser. */
export async function traceTasks(browser: Browser): Promise<TaskTrace> {
  await browser.startTracing(undefined, { categories: ["toplevel", "blink.user_timing"] });
  return {
    async stop(page) {
      await page.evaluate((mark) => performance.mark(mark), PAGE_MARK);
      const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as {
        readonly traceEvents: readonly TraceEvent[];
      };
      const marked = traceEvents.find(({ name }) => name === PAGE_MARK);
      if (marked === undefined) throw new Error("the trace does not have the page");
      return traceEvents.flatMap(({ name, pid, tid, tdur }) => {
        const isTask = name.endsWith("RunTask") && pid === marked.pid && tid === marked.tid;
        return isTask && tdur !== undefined ? [tdur / 1000] : [];
      });
    },
  };
}
