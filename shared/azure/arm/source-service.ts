import type { ComputeManagementClient } from "@azure/arm-compute";
import { parseResourceId, type ResourceId } from "../../image/resource-id.ts";
import type { SourceKind } from "../../image/resource-sources.ts";
import type { SourceService } from "../../ports.ts";
import { type CallOptions, nullIfMissing, sendCall, TIMEOUT_MILLISECONDS } from "./arm-call.ts";
import { type ArmOptions, createComputeClients } from "./compute-clients.ts";
import { toSourceFacts } from "./source-answers.ts";

/** Codes of a 404 that say that a source does not exist; without what it is in, it does not either. */
const NO_SOURCE = ["ResourceNotFound", "NotFound", "ResourceGroupNotFound", "SubscriptionNotFound"];

type Get = (client: ComputeManagementClient, id: ResourceId, call: CallOptions) => Promise<unknown>;

/** One GET for each kind. A machine's state and generation are in its instance view only. */
const GETS: Readonly<Record<SourceKind, Get>> = {
  snapshot: ({ snapshots }, { resourceGroup, name }, call) =>
    snapshots.get(resourceGroup, name, call),
  managedDisk: ({ disks }, { resourceGroup, name }, call) => disks.get(resourceGroup, name, call),
  virtualMachine: ({ virtualMachines }, { resourceGroup, name }, call) =>
    virtualMachines.get(resourceGroup, name, { ...call, expand: "instanceView" }),
};

/** Snapshots, managed disks and virtual machines through the official client. */
export function createSourceService(options: ArmOptions): SourceService {
  const clientFor = createComputeClients(options);
  const timeout = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
  return {
    async read({ kind, id }) {
      const parts = parseResourceId(id);
      if (parts === null) throw new TypeError(`${id} is not the id of a Compute resource`);
      const client = clientFor(parts.subscriptionId);
      return nullIfMissing(NO_SOURCE, async () =>
        toSourceFacts(kind, await sendCall(timeout, (call) => GETS[kind](client, parts, call))),
      );
    },
  };
}
