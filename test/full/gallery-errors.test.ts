import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../local/arm-simulator/control/exchanges.ts";
import type { StatusView } from "../../shared/http/status-view.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";
import { EXPECTED_GALLERY_ERRORS } from "../expected-gallery-errors.ts";
import {
  expectedErrorOf,
  GALLERY_ERROR_STORIES,
  type GalleryErrorStory,
  toExpectedFix,
} from "../gallery-error-stories.ts";

/**
 * Every error that galleries are known to give, through the built app: a disk is published under a
 * definition of its own, to which the simulator's faults are bound, so that all of them run at once.
 */

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";
const COMPUTE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute`;
/** `ours` in the table of expected fixes. */
const GALLERY = "ours";
const createDefinition = { publisher: "p", offer: "o", sku: "s" };

/** A story with the name that its upload, its definition and its image have. */
const told = GALLERY_ERROR_STORIES.map((story, index) => ({
  story,
  label: `${story.name} ${story.title}`,
  own: `e${index}-${story.name.toLowerCase()}`,
}));
type Told = (typeof told)[number];

let test: TestWorld;

beforeAll(async () => {
  test = await startTestWorld({
    DEFAULT_GALLERY: `${SUBSCRIPTION}/images-rg/${GALLERY}`,
    ALLOWED_GALLERIES: `${SUBSCRIPTION}/images-rg/${GALLERY}`,
    ALLOWED_REGIONS: "*",
    ALLOW_DEFINITION_CREATE: "true",
    POLL_SECONDS: "0.5",
    RETRY_SECONDS: "0.1",
  });
  await test.putVhd("os.vhd");
  const place = { name: GALLERY, resourceGroup: "images-rg" };
  await test.simulator("resources", { type: "gallery", ...place });
  await Promise.all(told.map(tell));
}, 120_000);
afterAll(() => test.close());

/** Prepares a story and uploads its manifest; the faults of one that is to be created come after that. */
async function tell({ story, own }: Told): Promise<void> {
  if (story.isDefined) {
    const place = { gallery: GALLERY, resourceGroup: "images-rg", name: own };
    await test.simulator("resources", { type: "galleryImage", ...place });
  }
  if (story.from === "upload") await orderFaults(story, own);
  else {
    // Long enough in work for the faults to strike after the PUT.
    const slow = { region: "westus", replication: "Slow", looks: 5, count: 1 };
    await test.fault({ ...slow, path: `/images/${own}/` });
  }
  await test.putManifest(`${own}.json`, {
    ...(story.kind === "galleryVersion" && { gallery: { definition: own, createDefinition } }),
    properties: {
      storageProfile: {
        osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" },
      },
    },
  });
  if (story.from === "creating") {
    await test.status(`${own}.json`, ({ state }) => state === "creating");
    await orderFaults(story, own);
  }
}

async function orderFaults({ faults }: GalleryErrorStory, own: string): Promise<void> {
  for (const fault of faults) await test.fault({ ...fault, path: `/images/${own}` });
}

/** Statuses of a method's answers at a path. */
function statusesOf(exchanges: readonly Exchange[], path: string): readonly unknown[] {
  return exchanges
    .filter(({ url }) => new URL(url).pathname.toLowerCase() === path.toLowerCase())
    .map(({ status }) => status);
}

/**
 * Statuses of the PUTs of a definition. Of a step that is delivered twice, each run may put it, one after
 * the other, as long as it is refused; then one of them loses the race for the record, and the repeat does
 * not count. A version is never put twice.
 */
async function definitionPutsOf(path: string, requestId: string): Promise<readonly unknown[]> {
  const puts = statusesOf(test.exchanges("PUT"), path);
  const isFirst = (status: unknown, index: number): boolean => status !== puts[index - 1];
  if (puts.every(isFirst)) return puts;
  const isRace = (line: string) => line.includes("request.race") && line.includes(requestId);
  await expect.poll(() => test.log.some(isRace), { timeout: 20_000 }).toBe(true);
  return puts.filter(isFirst);
}

const versionOf = ({ outputs: [output] }: StatusView) =>
  output as StatusView["outputs"][number] & Record<string, unknown>;

describe.concurrent("a gallery error, as the built app reports it", () => {
  it.each(told)("$label", async ({ story, own }) => {
    const { end, kind, name } = story;
    const status = await test.status(`${own}.json`);
    expect(status).toMatchObject({
      state: end.state,
      retrying: null,
      error: end.state === "succeeded" ? null : expectedErrorOf(story),
    });
    const definition = `${COMPUTE}/galleries/${GALLERY}/images/${own}`;
    const id =
      kind === "managedImage" ? `${COMPUTE}/images/${own}` : `${definition}/versions/1.0.0`;
    const { id: reported, error, state, version } = versionOf(status);
    expect({ kind: versionOf(status).kind, state, id: reported }).toEqual({
      kind,
      state: end.state,
      id: end.hasId ? id : null,
    });
    if (end.hasId) expect(version).toBe("1.0.0");
    if (end.state === "failed") {
      expect(toExpectedFix(status.error?.fix, own)).toMatch(EXPECTED_GALLERY_ERRORS[name][1]);
      expect(error).toEqual(status.error);
    }
    expect({
      puts: statusesOf(test.exchanges("PUT"), id),
      deletes: statusesOf(test.exchanges("DELETE"), id),
      definitionPuts: await definitionPutsOf(definition, status.requestId),
    }).toEqual({ puts: end.puts, deletes: end.deletes, definitionPuts: end.definitionPuts });
    if (story.from === "creating") {
      expect(statusesOf(test.exchanges("GET"), id).slice(1)).toContain(404);
    }
  });
});
