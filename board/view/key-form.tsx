import { useBoard } from "./context.ts";

const WHY = {
  missing: "The app asks for a key before it shows its requests.",
  refused: "The app refused the key. It may have been renewed or mistyped.",
};

/** Asks for a key of the app. */
export function KeyForm({ why }: { readonly why: keyof typeof WHY }) {
  const board = useBoard();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const key = String(new FormData(form).get("key") ?? "").trim();
    form.reset();
    if (key !== "") board.useKey(key);
  };
  return (
    <>
      <h1 tabIndex={-1}>Key of the app</h1>
      <p role={why === "refused" ? "alert" : undefined}>{WHY[why]}</p>
      <form class="key" onSubmit={submit}>
        <label for="key">Function key</label>
        <input id="key" name="key" type="password" autocomplete="off" spellcheck={false} required />
        <button type="submit" class="primary">
          Show requests
        </button>
      </form>
      <p>
        The key stays in this tab until you close it, and is sent to this app alone. Whoever runs
        the app can print one:
      </p>
      <pre>
        az functionapp keys list --resource-group GROUP --name APP --query functionKeys.default
        --output tsv
      </pre>
      <p>
        Without a key in the browser: <code>vhd-to-image board</code> on your machine.
      </p>
    </>
  );
}
