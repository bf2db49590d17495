import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The module of the app that stands for the page. */
const PAGE_MODULE = join(ROOT, "functions/board-page.ts");

/** The status board as it is served, and what it was made of. */
export interface BuiltBoard {
  readonly html: string;
  /** For the header Content-Security-Policy: this script and this style, and no others. */
  readonly contentSecurityPolicy: string;
  /** Absolute paths of the modules in it. */
  readonly moduleIds: readonly string[];
}

/**
 * Bundles the status board into one HTML text that loads nothing. The policy names script and style by
 * their hashes, so that a browser runs nothing else that gets into the page.
 */
export async function buildBoard(): Promise<BuiltBoard> {
  const [template, css, script] = await Promise.all([
    readFile(join(ROOT, "board/page.html"), "utf8"),
    readFile(join(ROOT, "board/style.css"), "utf8"),
    bundleScript(),
  ]);
  const style = minifyCss(css);
  const html = [
    ["/* style */", style],
    ["/* script */", script.code],
  ].reduce((page, [place = "", content = ""]) => putInto(page, place, content), template);
  return {
    html,
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src '${hashOf(script.code)}'`,
      `style-src '${hashOf(style)}'`,
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join("; "),
    moduleIds: script.moduleIds,
  };
}

async function bundleScript(): Promise<{ code: string; moduleIds: readonly string[] }> {
  const build = await rolldown({
    cwd: ROOT,
    // How JSX is compiled is in board/tsconfig.json.
    input: "board/main.tsx",
    platform: "browser",
    transform: { target: "es2023" },
    onLog: (level, log, handle) => handle(level === "warn" ? "error" : level, log),
  });
  try {
    const { output } = await build.generate({ format: "iife", minify: true, comments: false });
    const [{ code, moduleIds }] = output;
    // Where it stands, an HTML parser would end or change the script.
    if (/<\/script|<!--/i.test(code)) throw new Error("The script of the board contains markup.");
    return { code: code.trim(), moduleIds };
  } finally {
    await build.close();
  }
}

/** A small step that needs no knowledge of CSS: comments, indentation and line breaks are left out. */
function minifyCss(css: string): string {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s*\n\s*/g, "")
    .replaceAll(/ \{/g, "{");
}

function putInto(page: string, place: string, content: string): string {
  const parts = page.split(place);
  if (parts.length !== 2) throw new Error(`board/page.html must contain ${place} once.`);
  return parts.join(content);
}

function hashOf(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}

/** Puts the page in the place of its module, when a bundle needs it. */
export function boardPlugin(): Plugin {
  return {
    name: "board",
    async load(id) {
      if (id !== PAGE_MODULE) return null;
      const { html, contentSecurityPolicy } = await buildBoard();
      const page = JSON.stringify({ html, contentSecurityPolicy });
      return { code: `export const BOARD_PAGE = ${page};`, moduleType: "js" };
    },
  };
}

/** Whether a file of a bundle holds the page. */
export function holdsBoard(moduleIds: readonly string[]): boolean {
  return moduleIds.includes(PAGE_MODULE);
}
