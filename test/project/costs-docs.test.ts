import { describe, expect, it } from "vitest";
import { countStepsOfManifest, countStepsOfVhd } from "../../bench/costs/count-steps.ts";
import { readSettings } from "../../shared/settings/settings.ts";
import { readTables } from "./markdown.ts";

const DOCUMENT = "docs/operations.md";
const { timing } = readSettings({ ImageStorage: "UseDevelopmentStorage=true" });
const COURSE = { uploadSeconds: 600, operationSeconds: 180, sweepSeconds: 60, timing };
const COUNTS = new Map([...countStepsOfVhd(COURSE), ...countStepsOfManifest(COURSE)]);

function executionsOf(cell: string | undefined): number {
  return Number((cell ?? "").replaceAll(",", ""));
}

describe(`the costs in ${DOCUMENT}`, () => {
  it("count the steps that the app takes with its defaults, and no others", () => {
    const documented = readTables(DOCUMENT, "### Steps of an image").flatMap((row) =>
      ["alone", "disk", "manifest"].flatMap((upload) => {
        const count = row[upload];
        return count ? [[`${upload}: ${row.step}`, Number(count)] as const] : [];
      }),
    );
    expect(new Map(documented)).toEqual(new Map(COUNTS));
  });

  it("name as many executions as there are steps", () => {
    const executions = (uploads: readonly string[]): number =>
      [...COUNTS]
        .filter(([label]) => uploads.some((upload) => label.startsWith(`${upload}: `)))
        .reduce((sum, [, count]) => sum + 1000 * count, 0);
    const [row] = readTables(DOCUMENT, "### A thousand images, and an idle hour");
    expect(executionsOf(row?.["1,000 VHDs alone"])).toBe(executions(["alone"]));
    expect(executionsOf(row?.["1,000 manifests with VHD"])).toBe(executions(["disk", "manifest"]));
  });
});
