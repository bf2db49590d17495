import { expect, it } from "vitest";
import { createCallCounter } from "../../../../shared/conversion/plan-calls.ts";
import type { PlanView } from "../../../../shared/plan/plan-view.ts";
import { toPlanAnswer } from "../../../../shared/plan/plan-view.ts";
import { secondsLeft } from "../../../../shared/record/conversion.ts";
import { buildVhd, buildVhdx } from "../../../disks/maps/build-block-formats.ts";
import { buildQcow2, buildVmdk } from "../../../disks/maps/build-two-level-formats.ts";
import type { DiskPlan, Slot } from "../../../disks/maps/placement.ts";
import { CONTAINER, createFakeApp } from "../../../fakes/app.ts";
import { createFakePlanner } from "../../../fakes/planner.ts";

const MIB = 1024 * 1024;
const METADATA = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V1" };

/** A disk of so many blocks, whose places in the file are not in the order of the disk. */
function diskOf(count: number, slots: readonly Slot[]): DiskPlan {
  return {
    slots: Array.from({ length: count }, (_, at) => slots[at % slots.length] ?? "none"),
    order: Array.from({ length: count }, (_, at) => (at * 5) % 3),
    cut: 0,
  };
}

it.each([
  ["web.vhdx", "vhdx", buildVhdx(diskOf(3, ["data", "none", "data"]))],
  ["web.qcow2", "qcow2", buildQcow2(diskOf(150, ["data", "packed", "none", "zero", "packed"]))],
  ["web.vmdk", "vmdk-stream", buildVmdk(diskOf(40, ["packed", "none"]), true)],
  ["web.vhd", "vhd-dynamic", buildVhd(diskOf(8, ["data"]))],
] as const)(
  "a plan has the bytes and the calls that converting %s takes, and the PUT",
  async (name, from, file) => {
    const app = createFakeApp();
    const ref = { container: CONTAINER, name };
    app.blobs.putBytes(ref, file);
    app.blobs.setMetadata(ref, METADATA);
    const plan = await createFakePlanner(app).plan({ kind: "upload", name, uploadKind: "vhd" });
    if (plan === null) throw new Error("the upload is not there");
    const { verdict, message, disks, outputs } = toPlanAnswer(plan).jsonBody as PlanView;
    expect(await app.blobs.list("converted", {})).toMatchObject({ blobs: [] });

    await app.event(name);
    await app.run();

    const done = app.recordOf(name).disks[0]?.conversion;
    if (!done) throw new Error("the disk was not converted");
    expect({ verdict, message }).toMatchObject({ verdict: "create" });
    expect(disks[0]?.conversion).toEqual({
      from,
      to: `${done.to.container}/${done.to.name}`,
      mode: "server-side",
      bytesTotal: done.bytesDone,
      bytesDone: 0,
      calls: done.calls,
      percent: 0,
      secondsLeft: 1,
    });
    expect(done.calls).toBeGreaterThan(0);
    const bodies = outputs.flatMap(({ requests }) => requests.map(({ body }) => body));
    expect(JSON.parse(JSON.stringify(bodies))).toEqual(app.images.puts.map(({ body }) => body));
  },
);

it("calls are counted as they are cut: at 4 MiB, and a last part of a page by itself", () => {
  const counter = createCallCounter("server-side");
  counter.add({ kind: "copy", guestOffset: 0, length: 9 * MIB + 100, fileOffset: 0 });
  counter.add({ kind: "zero", guestOffset: 9 * MIB + 100, length: MIB - 100 });
  expect(counter.total()).toBe(4);
  const through = createCallCounter("through");
  through.add({ kind: "copy", guestOffset: 0, length: 9 * MIB + 100, fileOffset: 0 });
  expect(through.total()).toBe(3);
});

it.each([
  ["60 MiB a second", { bytesTotal: 600 * 1024 ** 2, callsTotal: 150 }, 10],
  ["500 calls a second", { bytesTotal: 600 * 1024 ** 2, callsTotal: 15_000 }, 30],
] as const)("before its first byte a conversion is expected to take %s", (_, work, seconds) => {
  const conversion = {
    ...work,
    from: "vhdx",
    to: { container: "converted", name: "x.vhd" },
    mode: "server-side" as const,
    isDone: false,
    diskBytes: 1024 ** 3,
    bytesDone: 0,
    cursor: 0,
    bytesWritten: 0,
    targetCreatedOn: null,
    callsAtOnce: 12,
    calls: 0,
    seconds: 0,
    restarts: 0,
  };
  expect(secondsLeft(conversion)).toBe(seconds);
  const halfway = { ...conversion, bytesDone: work.bytesTotal / 2, seconds: 100 };
  expect(secondsLeft(halfway)).toBe(100);
});
