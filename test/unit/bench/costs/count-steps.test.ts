import { describe, expect, it, vi } from "vitest";
import {
  type Course,
  countLooks,
  countPolls,
  countStepsOfManifest,
  countStepsOfVhd,
  countSweepLooks,
  type StepCounts,
} from "../../../../bench/costs/count-steps.ts";
import { readSettings } from "../../../../shared/settings/settings.ts";
import { CONTAINER, createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { makeFooter, VHD_BYTES } from "../../../fakes/vhd.ts";

const { timing } = readSettings({ ImageStorage: "UseDevelopmentStorage=true" });
const COURSE: Course = { uploadSeconds: 600, operationSeconds: 180, sweepSeconds: 60, timing };
const METADATA = { ostype: "Linux", osstate: "Generalized" };

/** The app with a service whose operations take as long as the course says. */
function startApp({ operationSeconds, timing }: Course): FakeApp {
  const app = createFakeApp({ timing });
  let endsAt: number | null = null;
  const hasEnded = (): boolean => endsAt !== null && app.clock.now().getTime() >= endsAt;
  const { create, find } = app.images;
  vi.spyOn(app.images, "create").mockImplementation((request) => {
    endsAt = app.clock.now().getTime() + operationSeconds * 1000;
    return create(request);
  });
  vi.spyOn(app.images, "poll").mockImplementation(async () =>
    hasEnded() ? { status: "succeeded" } : { status: "running", retryAfterSeconds: null },
  );
  vi.spyOn(app.images, "find").mockImplementation(async (request) => {
    const image = await find(request);
    return image && { ...image, state: hasEnded() ? "succeeded" : "working" };
  });
  return app;
}

/** Uploads a VHD page by page, its last one after so many seconds. */
async function uploadSlowly(app: FakeApp, name: string, seconds: number): Promise<void> {
  const ref = { container: CONTAINER, name };
  app.blobs.createPageBlob(ref, VHD_BYTES, METADATA);
  await app.event(name);
  for (let second = 0; second < seconds; second += 1) {
    await app.runFor(1);
    app.blobs.writePage(ref);
  }
  app.blobs.writeFooter(ref, makeFooter());
}

function countAdvances(counts: StepCounts): number {
  return [...counts].reduce(
    (sum, [label, count]) => sum + (label.endsWith(": ingest") ? 0 : count),
    0,
  );
}

describe("the number of steps", () => {
  it.for([
    COURSE,
    { ...COURSE, uploadSeconds: 30, operationSeconds: 1000 },
    { ...COURSE, timing: { ...timing, pollSeconds: 15, settleSeconds: 120 } },
  ])("for a VHD is what the app takes, course %#", async (course) => {
    const app = startApp(course);
    const steps = vi.spyOn(app.workQueue, "takeNext");
    await uploadSlowly(app, "alone.vhd", course.uploadSeconds);
    await app.run();
    expect(app.recordOf("alone.vhd").state).toBe("succeeded");
    expect(countTaken(steps)).toBe(countAdvances(countStepsOfVhd(course)));
  });

  it("for a manifest and its VHD is what the app takes", async () => {
    const app = startApp(COURSE);
    const steps = vi.spyOn(app.workQueue, "takeNext");
    await uploadSlowly(app, "os.vhd", COURSE.uploadSeconds);
    const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
    await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(countTaken(steps)).toBe(countAdvances(countStepsOfManifest(COURSE)));
  });
});

function countTaken(steps: { readonly mock: { readonly results: readonly { value: unknown }[] } }) {
  return steps.mock.results.filter(({ value }) => value !== undefined).length;
}

describe("waiting", () => {
  it("looks once a minute while a VHD is uploaded, and until it has not changed for long enough", () => {
    expect(countLooks({ ...COURSE, uploadSeconds: 90 }, null)).toEqual([
      0, 60, 120, 180, 240, 300, 360, 390,
    ]);
  });

  it("looks twice at a VHD that a manifest announces", () => {
    expect(countLooks({ ...COURSE, uploadSeconds: 0 }, 0)).toEqual([0, 10]);
  });

  it("looks at an operation less and less often", () => {
    expect(countPolls({ ...COURSE, operationSeconds: 5 })).toBe(1);
    expect(countPolls({ ...COURSE, operationSeconds: 6 })).toBe(2);
    expect(countPolls(COURSE)).toBe(14);
  });

  it("a sweep looks an upload up while it is written and ten minutes longer", () => {
    expect(countSweepLooks({ ...COURSE, uploadSeconds: 0 })).toBe(11);
    expect(countSweepLooks(COURSE)).toBe(21);
  });
});
