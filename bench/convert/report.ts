import { formatTable } from "../text-table.ts";
import type { AppCosts, LocalCosts } from "./measure-app.ts";
import type { MapCosts } from "./measure-map.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** One line for each map. */
export function formatMaps(
  maps: readonly { readonly name: string; readonly costs: MapCosts }[],
): readonly string[] {
  return formatTable([
    ["1 TiB with 20 GiB of data", "reads", "bytes read", "copies", "ms"],
    ...maps.map(({ name, costs }) => [
      name,
      `${costs.reads}`,
      `${costs.bytes}`,
      `${costs.calls}`,
      `${Math.round(costs.milliseconds)}`,
    ]),
  ]);
}

/** One line for each format that was converted. */
export function formatConversions(
  conversions: readonly { readonly app: AppCosts; readonly local: LocalCosts }[],
): readonly string[] {
  return formatTable([
    [
      "converted by the app",
      "data MiB",
      "calls",
      "calls per GiB",
      "bytes through the app",
      "memory growth MiB",
      "upload + conversion s",
      "qemu-img + upload s",
      "equal",
    ],
    ...conversions.map(({ app, local }) => [
      app.name,
      inMib(app.dataBytes),
      `${app.calls}`,
      `${Math.round((app.calls * GIB) / app.dataBytes)}`,
      `${app.passedBytes}`,
      inMib(app.memoryGrowthBytes),
      `${app.uploadSeconds.toFixed(1)} + ${app.convertSeconds.toFixed(1)}`,
      `${local.convertSeconds.toFixed(1)} + ${local.uploadSeconds.toFixed(1)}`,
      app.isEqual ? "yes" : "no",
    ]),
  ]);
}

function inMib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
