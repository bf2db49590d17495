import type { Outcome } from "../data/state.ts";
import { useBoard } from "./context.ts";
import { PlanResult } from "./plan-result.tsx";

/** Asks what a manifest or an upload would become; nothing is changed. */
export function PlanView({ outcome }: { readonly outcome: Outcome }) {
  const board = useBoard();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? "");
    const names = { name: text("name").trim(), source: text("source").trim() };
    void board.plan(text("manifest"), names);
  };
  const isBusy = outcome.kind === "busy";
  return (
    <>
      <h1 tabIndex={-1}>Plan</h1>
      <p>
        Paste a manifest to see what its upload would become: every request to Azure, the disks, and
        all mistakes. Planning changes nothing.
      </p>
      <form class="plan" onSubmit={submit}>
        <label for="manifest">Manifest (JSON)</label>
        <textarea id="manifest" name="manifest" rows={14} spellcheck={false} />
        <label>
          Name of the manifest
          <input name="name" type="text" placeholder="manifest.json" maxLength={1024} />
        </label>
        <label>
          Or an upload that exists, by its full name
          <input name="source" type="text" maxLength={1024} />
        </label>
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
