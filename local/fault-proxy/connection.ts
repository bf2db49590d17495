import { EMULATOR_ACCOUNT, formatConnectionString } from "../world/accounts.ts";
import type { FaultProxy } from "./proxy.ts";

/** Connection string of the emulator's account by way of the proxy. */
export function connectThrough({ roots }: FaultProxy): string {
  const { name } = EMULATOR_ACCOUNT;
  return formatConnectionString(EMULATOR_ACCOUNT, {
    blob: `${roots.blob}/${name}`,
    queue: `${roots.queue}/${name}`,
    table: `${roots.table}/${name}`,
  });
}
