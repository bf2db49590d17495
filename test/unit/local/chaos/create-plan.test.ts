import { expect, test } from "vitest";
import { createPlan, digestPlan } from "../../../../local/chaos/create-plan.ts";
import { INVALID_MANIFESTS, RESOURCE_SOURCES } from "../../../../local/chaos/manifests.ts";
import { SCENARIO_KINDS } from "../../../../local/chaos/scenarios.ts";
import { createRandom } from "../../../../local/fault-proxy/index.ts";

const OPTIONS = { requests: 300, kills: 40, minutes: 5, seed: 7 };
const plan = createPlan(OPTIONS);

test("the same seed makes the same plan, another seed or size another one", () => {
  expect(createPlan(OPTIONS)).toEqual(plan);
  const digests = [{}, { seed: 8 }, { kills: 41 }, { requests: 299 }].map((change) =>
    digestPlan(createPlan({ ...OPTIONS, ...change })),
  );
  expect(digests[0]).toBe(digestPlan(plan));
  expect(new Set(digests).size).toBe(4);
});

test("nothing is left to be decided at run time: a plan survives being written down", () => {
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test("as many kills as requested, within the time, of either instance", () => {
  expect(plan.kills).toHaveLength(40);
  expect(plan.kills.every(({ at }) => at > 0 && at <= plan.activityMs)).toBe(true);
  expect(new Set(plan.kills.map(({ instance }) => instance))).toEqual(new Set([0, 1]));
});

test("all sources of an image, all kinds of invalid manifests and every end occur", () => {
  const texts = plan.uploads.flatMap((upload) => (upload.kind === "manifest" ? upload.text : []));
  for (const source of RESOURCE_SOURCES) {
    const key = source === "blob" ? "mystorageaccount" : `${source}": {`;
    expect(texts.some((text) => text.toLowerCase().includes(key.toLowerCase()))).toBe(true);
  }
  const { uploads } = createPlan({ ...OPTIONS, requests: 2_000 });
  const many = new Set(
    uploads.flatMap((upload) => (upload.kind === "manifest" ? upload.text : [])),
  );
  expect(INVALID_MANIFESTS.filter(({ text }) => !many.has(text))).toEqual([]);
  const ends = plan.uploads.flatMap(({ expected }) => expected.ends);
  expect(new Set(ends.map(({ state }) => state))).toEqual(
    new Set(["succeeded", "failed", "canceled"]),
  );
});

test("versions are requested by open and by given numbers, alone and beside an image", () => {
  const versions = plan.uploads.flatMap(({ expected }) =>
    expected.version === undefined ? [] : [{ ...expected.version, image: expected.image !== null }],
  );
  expect(new Set(versions.map(({ definition, image }) => `${definition} ${image}`)).size).toBe(4);
  const fixed = versions.flatMap(({ definition, number }) =>
    definition === "fixed" ? [number] : [],
  );
  expect(new Set(fixed).size).toBe(fixed.length);
  const foreign = plan.uploads.filter(({ expected }) =>
    expected.ends.some(({ codes }) => codes?.includes("VersionExists")),
  );
  expect(foreign.length).toBeGreaterThan(0);
});

test("disks in other formats come by themselves, and with one manifest or two", () => {
  const disks = plan.uploads.filter(({ kind }) => kind === "disk");
  const uses = disks.map(({ id }) =>
    plan.uploads.flatMap(({ kind, expected }) =>
      expected.image?.disks.includes(id) === true ? [kind] : [],
    ),
  );
  expect(new Set(uses.map((kinds) => kinds.join()))).toEqual(
    new Set(["disk", "manifest", "manifest,manifest"]),
  );
});

test("manifests come before, among and after their VHDs", () => {
  const positions = plan.uploads.flatMap((upload) => {
    if (upload.kind !== "manifest" || upload.expected.image === null) return [];
    const { disks } = upload.expected.image;
    const others = plan.uploads.filter(({ id }) => disks.includes(id)).map(({ at }) => at);
    if (others.length < 2) return [];
    if (upload.at < Math.min(...others)) return ["before"];
    return [upload.at > Math.max(...others) ? "after" : "among"];
  });
  expect(new Set(positions)).toEqual(new Set(["before", "among", "after"]));
});

test("an upload whose footer may be early never pauses for as long as the app waits at least", () => {
  const pauses = plan.uploads.flatMap((upload) =>
    upload.kind === "vhd" && upload.order === "shuffled" ? upload.pausesMs : [],
  );
  expect(pauses.length).toBeGreaterThan(50);
  expect(Math.max(...pauses)).toBeLessThan(1_000);
});

test.each(SCENARIO_KINDS)("$name: ids are unique and disks are uploads of the story", (kind) => {
  for (let seed = 0; seed < 40; seed += 1) {
    const { uploads } = kind.build({ random: createRandom(seed), name: "story", at: 10_000 });
    const ids = uploads.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(uploads.every(({ at }) => at >= 0)).toBe(true);
    const disks = uploads.flatMap(({ expected }) => expected.image?.disks ?? []);
    expect(ids).toEqual(expect.arrayContaining(disks));
  }
});
