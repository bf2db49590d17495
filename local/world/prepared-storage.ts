import { setTimeout as sleep } from "node:timers/promises";

const DEADLINE_MS = 10_000;
const LOOK_MS = 50;
/** What the app's health says about the parts of storage that it creates. */
const CREATED_BY_APP: readonly unknown[] = [
  "uploads container",
  "work queue",
  "status queue",
  "request table",
];

/**
 * Resolves when the app has created what it needs in storage, which it does after its start: who
 * reads that the world is ready uploads at once. For an app that does not get that far it waits some
 * seconds, for one without `/api/health` not at all.
 */
export async function waitForStorage(url: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/api/health`);
    if (!(await isStorageMissing(answer))) return;
    await sleep(LOOK_MS);
  }
}

async function isStorageMissing(answer: Response): Promise<boolean> {
  if (!answer.headers.get("content-type")?.startsWith("application/json")) return false;
  const { dependencies = [] } = (await answer.json()) as {
    dependencies?: readonly { readonly name: unknown; readonly status: unknown }[];
  };
  return dependencies.some(
    ({ name, status }) => CREATED_BY_APP.includes(name) && status === "failing",
  );
}
