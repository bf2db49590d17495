import { type ChildProcess, spawn } from "node:child_process";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NO_BROWSER, openPage, startBrowser } from "../board/browser.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";
import { COMMAND } from "../run/build-command.ts";

const WAITING = {
  properties: {
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" } },
  },
};

let browser: Browser | null = null;
let test: TestWorld;
let command: ChildProcess | undefined;
beforeAll(async () => {
  browser = await startBrowser();
  if (browser === null) return;
  test = await startTestWorld();
  await test.putManifest("web.json", WAITING);
  await test.status("web.json", ({ state }) => state === "waiting");
});
afterAll(async () => {
  command?.kill("SIGINT");
  await browser?.close();
  await test?.close();
});
beforeEach(({ skip }) => skip(browser === null, NO_BROWSER));

/** Starts `vhd-to-image board` for the world, and returns the address that it prints. */
async function startCommand(): Promise<string> {
  const { url, key } = test.world.functions;
  command = spawn(process.execPath, [COMMAND, "board", "--no-open"], {
    env: { ...process.env, VHD_TO_IMAGE_URL: url, VHD_TO_IMAGE_KEY: key },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of command.stdout ?? []) return String(line).trim();
  throw new Error("the command ended without an address");
}

describe("the board of the built app", () => {
  it("takes a key from the fragment, shows a request, cancels and retries it", async () => {
    if (browser === null) return;
    const { page, complaints, requested, close } = await openPage(browser);
    const { url, key } = test.world.functions;
    await page.goto(`${url}/api/board#key=${encodeURIComponent(key)}`);
    await page.getByRole("link", { name: "web.json" }).click();
    await page.getByText("os.vhd does not exist yet").waitFor();
    expect(page.url()).toMatch(/\/api\/board#\/[a-z2-7]{20}$/);

    await page.getByRole("button", { name: "Cancel…" }).click();
    await page.getByRole("button", { name: "Cancel the request" }).click();
    await page.getByRole("button", { name: "Retry…" }).click();
    await page.getByRole("button", { name: "Retry the upload" }).click();
    await page.getByText("This request retries").waitFor();

    expect(await test.status("web.json", ({ retryOf }) => retryOf !== null)).toBeDefined();
    expect(complaints).toEqual([]);
    expect(requested.filter((address) => address.includes(encodeURIComponent(key)))).toEqual([]);
    expect(new Set(requested.map((address) => new URL(address).origin))).toEqual(new Set([url]));
    await close();
  });

  it("needs no key behind the command, and plans a manifest there", async () => {
    if (browser === null) return;
    const { page, complaints, requested, close } = await openPage(browser);
    const address = await startCommand();
    await page.goto(address);
    await page.getByRole("link", { name: "web.json" }).first().waitFor();
    await page.getByRole("link", { name: "Plan" }).click();
    await page.getByLabel("Manifest (JSON)").fill('{ "imageNme": "web" }');
    await page.getByRole("button", { name: "Plan" }).click();
    await page.getByText("did you mean").first().waitFor();

    expect(complaints).toEqual([]);
    expect(new Set(requested.map((each) => new URL(each).origin))).toEqual(
      new Set([new URL(address).origin]),
    );
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...sessionStorage }, document.cookie]),
    );
    expect(stored).not.toContain(test.world.functions.key);
    await close();
  });
});
