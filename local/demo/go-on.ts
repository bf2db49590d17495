import type { World } from "../world/index.ts";
import type { Row } from "./board.ts";
import type { Paint } from "./style.ts";

/** Returns how to go on by hand in a world that was kept. */
export function renderGoOn(world: World, rows: readonly Row[], paint: Paint): string[] {
  const { url, key } = world.functions;
  const requestId = rows.find(({ status }) => status !== undefined)?.status?.requestId ?? "ID";
  const container = new URL("uploads/", `${world.storage.blob}/`).href;
  return [
    `  ${paint("strong", "Everything keeps running. Try:")}`,
    "",
    `  KEY=${key}`,
    `  curl -H "x-functions-key: $KEY" '${url}/api/status?limit=10'`,
    `  curl -H "x-functions-key: $KEY" '${url}/api/status?state=failed'`,
    `  curl -H "x-functions-key: $KEY" '${url}/api/status/${requestId}'`,
    `  curl -H "x-functions-key: $KEY" '${url}/api/queue'`,
    `  curl '${url}/api/health'`,
    "",
    `  ${paint("quiet", "Upload more to")} ${container}`,
    `  ${paint("quiet", "with the connection string")} ${world.connectionString}`,
    `  ${paint("quiet", "Requests that the API simulator received:")} curl --cacert ${world.arm.caFile} ${world.arm.url}/_simulator/exchanges`,
    "",
    `  ${paint("quiet", "Ctrl-C stops.")}`,
  ];
}
