import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  findViolations,
  listTooWide,
  NO_BROWSER,
  openPage,
  setHidden,
  startBrowser,
  traceTasks,
  type WatchedPage,
} from "../board/browser.ts";
import { type FakeApp, startFakeApp } from "../board/fake-app.ts";
import { listSamples, makeDisk, makeStatus } from "../board/samples.ts";

const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const TURNED = "a\u202egnp.exe";
const VIEWS = [
  "#/",
  "#/?state=failed",
  "#/aaaaaaaaaaaaaaaaaaaa",
  "#/bbbbbbbbbbbbbbbbbbbb",
  "#/cccccccccccccccccccc",
  "#/dddddddddddddddddddd",
  "#/plan",
  "#/queue",
];

/** A machine of CI may be slow; what is expected appears, or the test fails. */
const PATIENT = { timeout: 20_000 };

let browser: Browser | null = null;
let app: FakeApp;
let opened: WatchedPage[] = [];
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());
beforeEach(async ({ skip }) => {
  skip(browser === null, NO_BROWSER);
  app = await startFakeApp(listSamples());
});
afterEach(async () => {
  // Whatever a test did: nothing was refused by the policy, and nothing else was reached.
  for (const { complaints, requested, close } of opened) {
    await close();
    expect(complaints).toEqual([]);
    const foreign = requested.filter((url) => new URL(url).origin !== new URL(app.url).origin);
    expect(foreign).toEqual([]);
  }
  opened = [];
  await app?.close();
});

async function open(
  hash: string,
  options: Parameters<typeof openPage>[1] = {},
): Promise<WatchedPage & { readonly page: Page }> {
  if (browser === null) throw new Error(NO_BROWSER);
  const watched = await openPage(browser, options);
  opened.push(watched);
  await watched.page.goto(`${app.url}${hash}`);
  return watched;
}

/** Requests for statuses that the app was sent. */
const asked = () => app.received.filter(({ url }) => url.startsWith("/api/status"));

describe("hostile text", () => {
  it("stays text everywhere it is shown", async () => {
    const requestId = "hhhhhhhhhhhhhhhhhhhh";
    const failure = {
      code: HOSTILE,
      message: HOSTILE,
      fix: `${HOSTILE}\n  ${HOSTILE}`,
      retryable: true,
      target: HOSTILE,
      details: [{ code: HOSTILE, message: HOSTILE, target: HOSTILE }],
    };
    app.statuses = [
      makeStatus({
        requestId,
        source: HOSTILE,
        state: "failed",
        image: { name: HOSTILE, resourceGroup: HOSTILE, location: HOSTILE, id: HOSTILE },
        error: failure,
        warnings: [HOSTILE, TURNED],
        outputs: [{ kind: HOSTILE, state: HOSTILE, id: HOSTILE, version: HOSTILE, error: failure }],
        disks: [makeDisk({ blob: HOSTILE, detail: HOSTILE, warnings: [HOSTILE] })],
        events: [{ at: HOSTILE, state: HOSTILE, message: HOSTILE }],
        retryOf: HOSTILE,
      }),
    ];
    app.health = {
      status: "unhealthy",
      settings: [{ name: HOSTILE, problem: HOSTILE }],
      dependencies: [{ name: HOSTILE, status: HOSTILE }],
    };
    const { page } = await open("#/");
    await page.getByRole("link", { name: HOSTILE }).first().click();
    await page.getByRole("heading", { name: "Timeline" }).waitFor();
    expect(await page.locator("img, #board script").count()).toBe(0);
    expect(await page.title()).toBe(`${HOSTILE}: failed · vhd-to-image`);
    expect(await page.locator("h1").textContent()).toBe(HOSTILE);
    expect(await page.getByText("a\ufffdgnp.exe").count()).toBe(1);
  });

  it("does not run even where it gets into the page: the policy refuses it", async () => {
    const watched = await open("#/");
    await watched.page.waitForSelector("table");
    const inserted = await watched.page.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.text = "document.title = 'run'";
        document.body.append(script);
        return "inserted";
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(inserted).toBe("TypeError");
    expect(await watched.page.title()).not.toBe("run");
    expect(watched.complaints.join()).toMatch(/TrustedScript|require-trusted-types-for/);
    (watched.complaints as string[]).length = 0;
  });
});

describe("the key", () => {
  it("leaves the address at once, and is in no address that is sent", async () => {
    app.key = "s3cret==";
    const { page, requested } = await open("?code=s3cret==#key=s3cret%3D%3D");
    await page.waitForSelector("table");
    expect(page.url()).toBe(`${app.url}#/`);
    expect(asked().every(({ headers }) => headers["x-functions-key"] === "s3cret==")).toBe(true);
    expect(requested.slice(1).filter((url) => url.includes("s3cret"))).toEqual([]);
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  });

  it("is typed into a form, refused, typed again, and forgotten", async () => {
    app.key = "right";
    const { page } = await open("#/");
    await page.getByLabel("Function key").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("The app refused the key").waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel("Function key").fill("right");
    await page.keyboard.press("Enter");
    await page.waitForSelector("table");
    await page.getByRole("button", { name: "Forget the key" }).click();
    await page.getByLabel("Function key").waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});

describe("axe", () => {
  /** All rules in light; in dark, where nothing but the colors differs, those about colors. */
  async function findInBoth(page: Page): Promise<Record<"light" | "dark", readonly string[]>> {
    const light = await findViolations(page);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await findViolations(page, ["color-contrast", "link-in-text-block"]);
    await page.emulateMedia({ colorScheme: "light" });
    return { light, dark };
  }
  const NOTHING = { light: [], dark: [] };

  it("finds nothing wrong with any view, in light and in dark", async () => {
    app.health = { status: "healthy", dependencies: [{ name: "sweep", status: "attention" }] };
    const { page } = await open("#/", { colorScheme: "light" });
    for (const hash of VIEWS) {
      await page.goto(`${app.url}${hash}`);
      await page.locator("table.list, .summary, form.plan").first().waitFor();
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      expect({ hash, ...(await findInBoth(page)) }).toEqual({ hash, ...NOTHING });
    }
    await page.goto(`${app.url}#/cccccccccccccccccccc`);
    await page.getByRole("button", { name: "Cancel…" }).click();
    expect(await findInBoth(page)).toEqual(NOTHING);
  });
});

describe("the head of the status queue", () => {
  it("is shown with links and ages, as text, and requested while its view is open only", async () => {
    const requestId = "aaaaaaaaaaaaaaaaaaaa";
    const data = { requestId, source: HOSTILE, state: HOSTILE, message: HOSTILE };
    const time = new Date(Date.now() - 3_600_000).toISOString();
    app.queue = {
      approximateMessageCount: 40,
      messages: [{ id: HOSTILE, type: HOSTILE, time, data }, { data: null }, HOSTILE],
    };
    const asks = () => app.received.filter(({ url }) => url.startsWith("/api/queue")).length;
    const { page } = await open("#/");
    await page.waitForSelector("table");
    expect(asks()).toBe(0);
    await page.getByRole("link", { name: "Queue" }).click();
    await page.getByText("3 of about 40 messages").waitFor();
    expect(await page.locator("img, #board script").count()).toBe(0);
    expect(await page.getByText("1 h", { exact: true }).count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("link", { name: HOSTILE }).click();
    await page.getByRole("heading", { name: "Timeline" }).waitFor();
    expect(asks()).toBe(1);
  });
});

it("fits a width of 360 pixels, with names as long as they can be", async () => {
  const long = "x".repeat(1024);
  app.statuses = [
    makeStatus({ requestId: "llllllllllllllllllll", source: long, warnings: [long] }),
    ...app.statuses,
  ];
  const { page } = await open("#/", { viewport: { width: 360, height: 640 } });
  for (const hash of [...VIEWS, "#/llllllllllllllllllll"]) {
    await page.goto(`${app.url}${hash}`);
    await page.locator("table.list, .summary, form.plan").first().waitFor();
    expect({ hash, wide: await listTooWide(page) }).toEqual({ hash, wide: [] });
  }
});

it("is used by keyboard alone: open a request, change one's mind, cancel it", async () => {
  const { page } = await open("#/");
  await page.waitForSelector("table");
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      if ((await focused()) === name) return;
    }
    throw new Error(`${name} cannot be reached`);
  };
  await tabTo("web.json");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "web.json" }).waitFor();
  await expect.poll(focused, PATIENT).toBe("web.json");
  await tabTo("Cancel…");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(focused, PATIENT).toBe("Cancel…");
  expect(app.received.filter(({ method }) => method === "POST")).toEqual([]);
  await page.keyboard.press("Enter");
  await tabTo("Cancel the request");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Retry…" }).waitFor();
  await expect.poll(() => page.getByRole("status").textContent()).toBe("web.json is now canceled.");
});

describe("polling", () => {
  it("costs a 304 while nothing changes, at the interval that the app names", async () => {
    const { page } = await open("#/", { withClock: true });
    await page.waitForSelector("table");
    const answers = [200, 304, 304, 304];
    for (const [index] of answers.entries()) {
      await expect.poll(() => asked().length, PATIENT).toBe(index + 1);
      if (index < answers.length - 1) await advance(page, index + 2);
    }
    expect(asked().map(({ status }) => status)).toEqual(answers);
  });

  it("sends nothing while the tab is hidden, and refreshes when it is shown", async () => {
    const { page } = await open("#/", { withClock: true });
    await page.waitForSelector("table");
    await setHidden(page, true);
    const before = app.received.length;
    await page.clock.runFor(600_000);
    expect(app.received.length).toBe(before);
    await setHidden(page, false);
    await expect.poll(() => asked().length, PATIENT).toBeGreaterThan(1);
  });

  it("keeps what it shows while the app fails, says so, and recovers", async () => {
    const { page } = await open("#/", { withClock: true });
    await page.waitForSelector("table");
    app.fault = { status: 503, detail: "The app restarts." };
    await advance(page, 2);
    await page.getByRole("alert").getByText("The app restarts.").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(6);
    app.fault = null;
    await advance(page, 3);
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  /** Lets the clock of the page pass until the app was asked so many times. */
  async function advance(page: Page, times: number): Promise<void> {
    for (let seconds = 0; seconds < 120 && asked().length < times; seconds += 1) {
      await page.clock.runFor(1000);
    }
  }
});

describe("1,000 requests", () => {
  const many = () =>
    Array.from({ length: 1000 }, (_, index) =>
      makeStatus({
        requestId: `q${String(index)
          .padStart(4, "0")
          .replace(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "a")}${"x".repeat(15)}`,
        source: `disk-${index}.vhd`,
        state: index % 3 === 0 ? "succeeded" : "failed",
        updatedAt: new Date(1_700_000_000_000 - index * 1000).toISOString(),
      }),
    );

  /** Shows all of them, and returns how many rows were drawn without a pause, at most. */
  async function showAll(): Promise<{ page: Page; most: number }> {
    app.statuses = many();
    const { page } = await open("");
    await page.evaluate(() => {
      const counts: number[] = [];
      (globalThis as unknown as { counts: number[] }).counts = counts;
      // Called once for each task that changed something.
      new MutationObserver((records) => {
        const added = records.flatMap(({ addedNodes }) => [...addedNodes]) as Element[];
        counts.push(
          added
            .filter((node) => node.nodeType === 1)
            .map((node) => (node.matches("tr") ? 1 : node.querySelectorAll("tbody tr").length))
            .reduce((sum, count) => sum + count, 0),
        );
      }).observe(document.body, { subtree: true, childList: true });
    });
    const rows = page.locator("tbody tr");
    // By the page itself: Playwright's search by role is a long task of its own.
    const press = () =>
      page.evaluate(() => {
        const buttons = [...document.querySelectorAll("main button")] as HTMLButtonElement[];
        buttons.find(({ textContent }) => textContent === "Show more")?.click();
      });
    for (let shown = 100; shown < 1000; shown += 100) {
      await expect.poll(() => rows.count(), PATIENT).toBe(shown);
      await press();
    }
    await expect.poll(() => rows.count(), PATIENT).toBe(1000);
    // Away and back: all rows are drawn again.
    await page.evaluate(() => {
      location.hash = "#/plan";
    });
    await page.locator("form.plan").waitFor();
    await page.goBack();
    await expect.poll(() => rows.count(), PATIENT).toBe(1000);
    const most = await page.evaluate(() =>
      Math.max(...(globalThis as unknown as { counts: number[] }).counts),
    );
    return { page, most };
  }

  it("are drawn 50 at a time, so that no task of the page takes longer than 200 ms", async ({
    annotate,
  }) => {
    if (browser === null) return;
    const trace = await traceTasks(browser);
    const { page, most } = await showAll();
    expect(most).toBe(50);
    const byClock = await page.evaluate(
      () =>
        new Promise<readonly number[]>((resolve) => {
          new PerformanceObserver((list) => {
            resolve(list.getEntries().map(({ duration }) => Math.round(duration)));
          }).observe({ type: "longtask", buffered: true });
          // Where there was none, nothing is observed.
          setTimeout(() => resolve([]), 1000);
        }),
    );
    const tasks = await trace.stop(page);
    const longest = Math.max(...tasks);
    await annotate(
      `${tasks.length} tasks, the longest ${longest.toFixed(1)} ms of CPU time; long tasks by the clock: ${byClock.join(", ") || "none"} ms`,
    );
    expect(tasks.length).toBeGreaterThan(200);
    // Time of the processor, not of the clock: others may use the machine meanwhile.
    expect(longest).toBeLessThan(200);
  });

  it("are drawn again only where one changed", async () => {
    const { page } = await showAll();
    await page.evaluate(() => {
      const changed = new Set<Node>();
      (globalThis as unknown as { changed: Set<Node> }).changed = changed;
      new MutationObserver((records) => {
        for (const { target } of records) {
          const row = target.parentElement?.closest("tbody tr");
          if (row) changed.add(row);
        }
      }).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    const [first, ...others] = app.statuses;
    if (first === undefined) throw new Error("no statuses");
    app.statuses = [
      { ...first, state: "canceled", updatedAt: new Date().toISOString() },
      ...others,
    ];
    await expect
      .poll(() => page.locator("tbody tr").first().textContent(), PATIENT)
      .toContain("canceled");
    const changed = await page.evaluate(
      () => (globalThis as unknown as { changed: Set<Node> }).changed.size,
    );
    expect(changed).toBe(1);
  });
});

describe("actions", () => {
  it("lead from a failed request to its retry", async () => {
    const { page } = await open("#/dddddddddddddddddddd");
    await page.getByRole("button", { name: "Retry…" }).click();
    await page.getByText("A new request is opened for the same upload").waitFor();
    await page.getByRole("button", { name: "Retry the upload" }).click();
    await page.getByText("This request retries dddd").waitFor();
    expect(page.url()).toBe(`${app.url}#/zzzzzzzzzzzzzzzzzzzz`);
  });

  it("show why the app refuses", async () => {
    const { page } = await open("#/cccccccccccccccccccc");
    await page.getByRole("button", { name: "Cancel…" }).click();
    app.fault = { status: 409, detail: "Azure is building the image already." };
    await page.getByRole("button", { name: "Cancel the request" }).click();
    await page.getByText("Azure is building the image already.").first().waitFor();
  });

  it("are kind about an app that cannot plan", async () => {
    app.plan = { status: 404, body: undefined };
    const { page } = await open("#/plan");
    await page.getByLabel("Manifest (JSON)").fill("{}");
    await page.getByRole("button", { name: "Plan" }).click();
    await page.getByText("This app cannot plan yet").waitFor();
  });
});
