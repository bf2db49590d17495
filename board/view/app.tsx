import type { Board, BoardState } from "../data/state.ts";
import { visible } from "../model/format.ts";
import { BoardContext } from "./context.ts";
import { KeyForm } from "./key-form.tsx";
import { ListView } from "./list-view.tsx";
import { PlanView } from "./plan-view.tsx";
import { QueueView } from "./queue-view.tsx";
import { RequestView } from "./request-view.tsx";

/** The whole page. */
export function App({ state, board }: { readonly state: BoardState; readonly board: Board }) {
  const { route, keyNeeded } = state;
  return (
    <BoardContext.Provider value={board}>
      <button type="button" class="skip" onClick={focusHeading}>
        Skip to the content
      </button>
      <header>
        <p class="brand">vhd-to-image</p>
        <nav aria-label="Views">
          <a href="#/" aria-current={route.view === "list" ? "page" : undefined}>
            Requests
          </a>
          {state.canAct && (
            <a href="#/plan" aria-current={route.view === "plan" ? "page" : undefined}>
              Plan
            </a>
          )}
          <a href="#/queue" aria-current={route.view === "queue" ? "page" : undefined}>
            Queue
          </a>
          {state.hasKey && keyNeeded === null && (
            <button type="button" class="small" onClick={() => board.forgetKey()}>
              Forget the key
            </button>
          )}
        </nav>
      </header>
      <p class="hidden" role="status" aria-live="polite">
        {visible(state.announcement)}
      </p>
      <Notices state={state} />
      <main id="main">
        {keyNeeded === null ? <View state={state} /> : <KeyForm why={keyNeeded} />}
      </main>
    </BoardContext.Provider>
  );
}

function View({ state }: { readonly state: BoardState }) {
  const { route } = state;
  if (route.view === "plan") return <PlanView outcome={state.plan} />;
  if (route.view === "queue") return <QueueView queue={state.queue} now={state.now} />;
  if (route.view === "list") {
    return <ListView filter={route.filter} list={state.list} now={state.now} />;
  }
  return <RequestView requestId={route.requestId} state={state} />;
}

/** What is wrong with the app or the way to it; nothing while all is well. */
function Notices({ state: { health, trouble } }: { readonly state: BoardState }) {
  return (
    <>
      {trouble !== null && (
        <p class="notice" role="alert">
          {visible(trouble.detail)} What is shown may be out of date; the next attempt follows in{" "}
          {Math.round(trouble.nextInSeconds)} s.
        </p>
      )}
      {health.length > 0 && (
        <div class="notice" role="alert">
          <strong>The app needs attention</strong>
          <ul>
            {health.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** A link would change the address, which belongs to the views. */
function focusHeading(): void {
  document.querySelector<HTMLElement>("h1")?.focus();
}
