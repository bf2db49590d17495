import { expect, test } from "vitest";
import { readDemoOptions } from "../../../../local/demo/options.ts";

test("without arguments the demo uses its samples and ends", () => {
  expect(readDemoOptions([])).toEqual({ help: false, keep: false, json: false, verbose: false });
});

test("--vhd takes the user's own VHD, and leaves to the disk what it is unless told", () => {
  expect(readDemoOptions(["--vhd", "a.vhd"]).own).toEqual({
    path: "a.vhd",
    osType: null,
    generation: null,
  });
  expect(
    readDemoOptions(["--vhd=a.vhd", "--os-type=windows", "--generation=v2"]).own,
  ).toMatchObject({ osType: "Windows", generation: "V2" });
});

test("refuses what it does not know", () => {
  expect(() => readDemoOptions(["--os-type", "beos"])).toThrow(
    '--os-type must be Linux or Windows, not "beos"',
  );
  expect(() => readDemoOptions(["--vdh", "x"])).toThrow(/--vdh[\s\S]*npm run demo/);
});
