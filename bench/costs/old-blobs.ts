import { sweep } from "../../shared/flow/sweep.ts";
import { LAST_SWEEP } from "../../shared/stages/upload-kind.ts";
import { CONTAINER, createFakeApp, type FakeApp } from "../../test/fakes/app.ts";

/** What one image costs in a container that holds so many blobs from before. */
export interface OldBlobsCost {
  readonly oldBlobs: number;
  /** Calls to storage from the upload to the image, sweeps every minute of it included. */
  readonly operations: number;
}

const METADATA = { ostype: "linux", osstate: "generalized" };
const SWEEP_SECONDS = 60;
/** Old blobs were written, and seen by sweeps, before. */
const OLD_SECONDS = 24 * 3600;
const MAX_ROUNDS = 100;

/**
 * Counts the calls for one image of a VHD without a manifest, on the fakes: they count what the app
 * asks for, whatever a service in memory would need to answer 100,000 names.
 */
export async function countWithOldBlobs(oldBlobs: number): Promise<OldBlobsCost> {
  const app = createFakeApp();
  for (let index = 0; index < oldBlobs; index += 1) {
    const extension = index % 2 === 0 ? "json" : "vhd";
    app.blobs.putText({ container: CONTAINER, name: `old-${index}.${extension}` }, "{}");
  }
  const counted = countCalls(app);
  const context = { ...app.context, ...counted.ports };
  app.clock.advance(OLD_SECONDS);
  await context.records.putNote(LAST_SWEEP, app.clock.now().toISOString());
  const before = counted.calls();
  await app.uploadVhd("new.vhd", METADATA);
  for (let round = 0; app.recordOf("new.vhd").state !== "succeeded"; round += 1) {
    if (round > MAX_ROUNDS) throw new Error(`no image after ${MAX_ROUNDS} minutes`);
    await app.runFor(SWEEP_SECONDS);
    await sweep(context);
  }
  return { oldBlobs, operations: counted.calls() - before };
}

/** Counts every call of the app's storage ports, in place: all that hold them are counted. */
function countCalls(app: FakeApp) {
  let calls = 0;
  for (const port of [app.blobs, app.records, app.workQueue, app.statusQueue]) {
    for (const [name, method] of Object.entries(port)) {
      if (typeof method !== "function" || !OPERATIONS.has(name)) continue;
      Object.assign(port, {
        [name]: (...parameters: unknown[]) => {
          calls += 1;
          return Reflect.apply(method, port, parameters) as unknown;
        },
      });
    }
  }
  const { blobs, records, workQueue, statusQueue } = app;
  return { calls: () => calls, ports: { blobs, records, workQueue, statusQueue } };
}

/** Methods of the ports; the fakes have more for tests. */
const OPERATIONS: ReadonlySet<string> = new Set([
  "getProperties",
  "read",
  "list",
  "create",
  "get",
  "save",
  "listDue",
  "putClaim",
  "listClaims",
  "listDiskNames",
  "putDiskName",
  "getNote",
  "putNote",
  "swapNote",
  "send",
  "publish",
]);
