import { render } from "preact";
import { createApi } from "./data/api.ts";
import { createBoard } from "./data/board.ts";
import { createKeyStore, readKey } from "./data/key.ts";
import type { BoardState } from "./data/state.ts";
import { visible } from "./model/format.ts";
import { formatRoute, parseRoute, type Route } from "./model/route.ts";
import { App } from "./view/app.tsx";

/** The entry of the page: the only file that knows the address, the timers and the document. */
const key = createKeyStore(() => sessionStorage);
const base = new URL(".", location.href.split(/[?#]/)[0]).href;
const root = document.querySelector("#board") ?? document.body;

/** Takes a key, and any query, out of the address before anything else happens. */
function cleanAddress(): Route {
  const given = readKey(location.hash);
  if (given !== null) key.set(given);
  const route = parseRoute(location.hash);
  if (given !== null || location.search !== "") {
    history.replaceState(null, "", `${location.pathname}${formatRoute(route)}`);
  }
  return route;
}

const first = cleanAddress();
const board = createBoard(
  {
    api: createApi(base, key, (input, init) => fetch(input, init)),
    key,
    clock: () => Date.now(),
    navigate: (route) => {
      location.hash = formatRoute(route);
    },
    setTimer: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
    clearTimer: (timer) => window.clearTimeout(timer),
    isHidden: () => document.visibilityState === "hidden",
    onChange: draw,
  },
  first,
);

function draw(state: BoardState): void {
  document.title = `${titleOf(state)} · vhd-to-image`;
  render(<App state={state} board={board} />, root);
}

function titleOf({ route, request: { status } }: BoardState): string {
  if (route.view === "plan") return "Plan";
  if (route.view === "list") return "Requests";
  if (route.view === "queue") return "Status queue";
  return status === null ? route.requestId : visible(`${status.source}: ${status.state}`);
}

addEventListener("hashchange", () => {
  board.show(cleanAddress());
  // Another view: whoever reads it or uses the keyboard starts at its heading.
  requestAnimationFrame(() => document.querySelector("h1")?.focus());
});
document.addEventListener("visibilitychange", () => board.visibilityChanged());
board.show(first);
