import { describe, expect, it } from "vitest";
import { mistakesOf } from "../../../functions/needed-settings.ts";
import { SETTINGS } from "../../../shared/settings/settings.ts";

const ALL = Object.keys(SETTINGS).map((setting) => ({ setting, problem: "is wrong" }));
const needed = (name: string) => mistakesOf(name, ALL).map(({ setting }) => setting);

describe("mistakesOf", () => {
  it("keeps a function from working for the settings that it needs", () => {
    const storage = Object.keys(SETTINGS).filter((name) => name.startsWith("ImageStorage"));

    expect(needed("status-list")).toEqual(["REQUEST_TABLE", ...storage]);
    expect(needed("status-get")).toEqual(["REQUEST_TABLE", ...storage]);
    expect(needed("queue")).toEqual(["STATUS_QUEUE", ...storage]);
  });

  it("lets what moves requests on wait for all settings but those of another trigger", () => {
    const shared = Object.keys(SETTINGS).filter(
      (name) =>
        !["SWEEP_SCHEDULE", "BLOB_TRIGGER_SOURCE", "ACTIONS", "CONVERT_AT_ONCE"].includes(name),
    );

    expect(needed("advance")).toEqual(shared);
    expect(needed("poison-work")).toEqual(shared);
    expect(needed("ingest").sort()).toEqual([...shared, "BLOB_TRIGGER_SOURCE"].sort());
    expect(needed("convert").sort()).toEqual([...shared, "CONVERT_AT_ONCE"].sort());
    expect(needed("status-cancel").sort()).toEqual([...shared, "ACTIONS"].sort());
    expect(needed("status-retry").sort()).toEqual([...shared, "ACTIONS"].sort());
    expect(needed("plan").sort()).toEqual([...shared, "ACTIONS"].sort());
    expect(needed("sweep").sort()).toEqual([...shared, "SWEEP_SCHEDULE"].sort());
  });

  it("finds nothing where nothing is wrong", () => {
    expect(mistakesOf("advance", [])).toEqual([]);
  });
});
