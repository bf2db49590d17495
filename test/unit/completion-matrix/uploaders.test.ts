import { describe, expect, it } from "vitest";
import { CONTAINER } from "../../fakes/app.ts";
import { createFakeBlobStore } from "../../fakes/blob-store.ts";
import { createFakeClock } from "../../fakes/clock.ts";
import { createFakeWriter } from "../../uploaders/fake-writer.ts";
import { findFooter, listUsedPages, orderArrivals } from "../../uploaders/pages.ts";
import { performUpload } from "../../uploaders/perform.ts";
import { type Course, planUpload } from "../../uploaders/plan.ts";
import { createRandom } from "../../uploaders/random.ts";
import { findTool, UPLOAD_TOOLS } from "../../uploaders/tools.ts";
import { makeDisk } from "./disk.ts";
import { runScenario, VHD } from "./scenario.ts";

const image = makeDisk();
const MIB = 1024 ** 2;
const chance = { seed: 3, breakAt: 0.5 };
const straight: Course = { kind: "straight" };

describe("the pages of a disk", () => {
  it("leave out chunks of zeros, and end with the footer alone", () => {
    const pages = listUsedPages(image, 4 * MIB);
    expect(pages.length).toBeLessThan(image.sizeBytes / (4 * MIB));
    expect(pages.at(-1)).toEqual({ offset: image.sizeBytes - 512, count: 512 });
  });

  it("arrive in ascending order one by one, and within their window in parallel", () => {
    const pages = listUsedPages(image, 4 * MIB);
    expect(orderArrivals(pages, 1, createRandom(1))).toEqual(pages);
    const arrived = orderArrivals(pages, 4, createRandom(1));
    expect(arrived).not.toEqual(pages);
    expect(arrived.toSorted((left, right) => left.offset - right.offset)).toEqual(pages);
    const overtaken = arrived.map((page, index) => pages.indexOf(page) - index);
    expect(Math.max(...overtaken)).toBeLessThan(4);
    expect(findFooter(arrived)).toBeGreaterThanOrEqual(pages.length - 4);
  });
});

describe("the script of a tool", () => {
  it.each([
    { id: "azcopy", steps: "create, putPages, putPages, setProperties" },
    { id: "azcopy, service to service", steps: "create, putPages, putPages" },
    {
      id: "Add-AzVhd, Content-MD5 first",
      steps: "create, setMetadata, putPages, putPages, setProperties, setMetadata",
    },
    { id: "azure-vhd-utils", steps: "create, putPages, putPages, setProperties" },
    { id: "server-side Copy Blob", steps: "startCopy, copyPages, copyPages, finishCopy" },
  ])("sends its requests in its order: $id", ({ id, steps }) => {
    const plan = planUpload(findTool(id), image, { course: straight, manifest: "none" }, chance);
    expect(plan.map((step) => step.do).join(", ")).toBe(steps);
  });

  it.each(UPLOAD_TOOLS)("leaves the whole disk behind: $id", async (tool) => {
    const blobs = createFakeBlobStore(createFakeClock().now);
    const ref = { container: CONTAINER, name: VHD };
    const writer = createFakeWriter(blobs, ref, image, () => {});
    const plan = planUpload(tool, image, { course: straight, manifest: "none" }, chance);
    const nothing = async (): Promise<void> => {};
    await performUpload(plan, writer, {
      isParallel: false,
      beforeRequest: nothing,
      pause: nothing,
      writeManifest: nothing,
    });
    const sent = plan.flatMap((step) => ("pages" in step ? step.pages : []));
    expect(new Set(sent)).toHaveLength(listUsedPages(image, tool.chunkBytes).length);
    const range = { offset: image.sizeBytes - 512, count: 512, etag: blobs.etagOf(ref) };
    expect(await blobs.read(ref, range)).toEqual(image.extents.at(-1)?.bytes);
  });
});

describe("the matrix", () => {
  const scenario = {
    steps: planUpload(findTool("azcopy"), image, { course: straight, manifest: "none" }, chance),
    image,
    triggers: "events",
    pace: [0.5, 4],
    seed: 3,
  } as const;

  it("would see an app that does not wait", async () => {
    const impatient = { settleSeconds: 1, settleMinSeconds: 0 };
    const { puts } = await runScenario({ ...scenario, timing: impatient });
    expect(puts.some(({ writesToCome }) => writesToCome > 0)).toBe(true);
  });

  it("would see an app that touches a blob while it is uploaded", async () => {
    const tool = findTool("az storage blob upload");
    const steps = planUpload(tool, image, { course: straight, manifest: "none" }, chance);
    const touched = runScenario({
      ...scenario,
      steps,
      prepare: ({ blobs }) => {
        const { getProperties } = blobs;
        blobs.getProperties = async (ref) => {
          const blob = await getProperties(ref);
          if (blob !== null) blobs.setMetadata(ref, { seen: "true" });
          return blob;
        };
      },
    });
    await expect(touched).rejects.toThrow(/is "0x\w+" by now/);
  });
});
