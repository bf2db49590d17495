import { useRef } from "preact/hooks";
import type { Outcome } from "../data/state.ts";
import { useBoard } from "./context.ts";
import { PlanResult } from "./plan-result.tsx";

/** Asks what a manifest would do; nothing is changed. */
export function PlanView({ outcome }: { readonly outcome: Outcome }) {
  const board = useBoard();
  const manifest = useRef<HTMLTextAreaElement>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void board.plan(manifest.current?.value ?? "");
  };
  const isBusy = outcome.kind === "busy";
  return (
    <>
      <h1 tabIndex={-1}>Plan</h1>
      <p>
        Paste a manifest to see what its upload would do: the requests to Azure, the disks, and
        every mistake. Planning changes nothing.
      </p>
      <form class="plan" onSubmit={submit}>
        <label for="manifest">Manifest (JSON)</label>
        <textarea id="manifest" ref={manifest} rows={14} spellcheck={false} required />
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? "Planning…" : "Plan"}
        </button>
      </form>
      <div aria-live="polite">
        <PlanResult outcome={outcome} />
      </div>
    </>
  );
}
