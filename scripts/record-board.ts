import { mkdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";
import { startFakeApp } from "../test/board/fake-app.ts";
import { findChromium } from "../test/board/find-chromium.ts";
import { listSamples, NOW } from "../test/board/samples.ts";
import { buildBoard } from "./build-board.ts";

/**
 * `npm run board:record`: pictures of the status board with sample requests, for the README and
 * docs/board.md. Exits with 1 where no Chromium is installed.
 */
const FOLDER = "docs/images";
const PICTURES = [
  { name: "board-list", hash: "#/", width: 880, height: 480, colorScheme: "light" },
  {
    name: "board-request",
    hash: "#/bbbbbbbbbbbbbbbbbbbb",
    width: 880,
    height: 620,
    colorScheme: "light",
  },
  {
    name: "board-error",
    hash: "#/dddddddddddddddddddd",
    width: 880,
    height: 620,
    colorScheme: "dark",
  },
  {
    name: "board-narrow",
    hash: "#/aaaaaaaaaaaaaaaaaaaa",
    width: 360,
    height: 760,
    colorScheme: "light",
  },
] as const;

const executablePath = findChromium();
if (executablePath === null) {
  console.error("Chromium is not installed. Install it, or set CHROMIUM_PATH.");
  process.exit(1);
}
const app = await startFakeApp(listSamples());
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, hash, width, height, colorScheme } of PICTURES) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      locale: "en-GB",
      timezoneId: "UTC",
    });
    const page = await context.newPage();
    await page.clock.setFixedTime(NOW);
    const picture = await record(page, `${app.url}${hash}`);
    writeFileSync(`${FOLDER}/${name}.png`, picture);
    console.log(`${FOLDER}/${name}.png: ${picture.length.toLocaleString("en")} bytes`);
    await context.close();
  }
} finally {
  await browser.close();
  await app.close();
}
const { html } = await buildBoard();
console.log(`The page: ${html.length} bytes, ${gzipSync(html).length} compressed.`);

async function record(page: Page, url: string): Promise<Buffer> {
  await page.goto(url);
  await page.locator("table.list, .summary").first().waitFor();
  return page.screenshot();
}
