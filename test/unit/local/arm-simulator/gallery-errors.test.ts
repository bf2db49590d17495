import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  GALLERY_ERRORS,
  type GalleryError,
} from "../../../../local/arm-simulator/control/gallery-errors.ts";
import {
  groupPath,
  imageFromDisk,
  imagePath,
  startTestSimulator,
  type TestSimulator,
} from "./simulator.ts";

let simulator: TestSimulator;
const version = `${groupPath}/providers/Microsoft.Compute/galleries/named/images/errors/versions`;
const query = "?api-version=2025-12-03";

beforeAll(async () => {
  simulator = await startTestSimulator({ pollsInProgress: 0 });
  await simulator.control("resources", {
    type: "galleryImage",
    gallery: "named",
    name: "errors",
    resourceGroup: "images-rg",
    osType: "Windows",
    hyperVGeneration: "V1",
  });
  await simulator.put("source", imageFromDisk());
  await simulator.get("source");
});

afterEach(() => simulator.send("DELETE", "/_simulator/faults"));
afterAll(() => simulator.close());

const body = {
  location: "westus",
  properties: { storageProfile: { source: { id: `${imagePath}/source` } } },
};

test.each(Object.entries(GALLERY_ERRORS))("%s is provoked by its name", async (name, error) => {
  const { error: expected, method, ...found }: GalleryError = error;
  const ordered = await simulator.control("faults", { galleryError: name.toLowerCase() });
  expect(ordered.status).toBe(201);
  const path = name === "Arm64ManagedImage" ? `${imagePath}/arm?api-version=2026-04-01` : "";
  const answer = await simulator.send(
    method,
    path || `${version}/1.0.0${query}`,
    method === "PUT" ? { body } : {},
  );
  if ("operation" in found) {
    expect([answer.status, answer.json.error]).toEqual([201, undefined]);
    const ended = await simulator.poll(answer);
    expect(ended.json).toMatchObject({ status: "Failed", error: expected });
    await simulator.send("DELETE", `${version}/1.0.0${query}`).then(simulator.poll);
  } else {
    expect([answer.status, answer.json.error]).toEqual([found.status, expected]);
  }
});

test("the requests that get it, and how many, can be named", async () => {
  const order = { galleryError: "ListKeysMissing", path: "/versions/2.0.0", count: 2 };
  await simulator.control("faults", order);
  const put = (name: string) => simulator.send("PUT", `${version}/${name}${query}`, { body });
  const statuses = [await put("3.0.0"), await put("2.0.0"), await put("2.0.0"), await put("2.0.0")];
  expect(statuses.map(({ status }) => status)).toEqual([201, 403, 403, 201]);
});

test("the names are listed, and one that does not exist is refused with all that do", async () => {
  const list = await simulator.send("GET", "/_simulator/gallery-errors");
  expect(Object.keys(list.json)).toEqual(Object.keys(GALLERY_ERRORS));
  const { status, json } = await simulator.control("faults", { galleryError: "Unheard" });
  expect([status, json.error?.message]).toEqual([400, expect.stringContaining("ListKeysMissing")]);
});
