import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient } from "@azure/storage-blob";
import type { Arena } from "./arena.ts";
import { UPLOADS_CONTAINER } from "./collect.ts";
import type { Plan } from "./plan.ts";
import type { SimulatorClient } from "./simulator-client.ts";
import { type UploadOutcome, uploadAsPlanned } from "./upload.ts";

/** Something that happens at its time; resolves when it is done. */
type Action = { readonly at: number; readonly run: () => Promise<unknown> };

/** Carries out the plan: uploads, kills, faults. Resolves when the last upload and restart are done. */
export async function stir(
  plan: Plan,
  arena: Arena,
  simulator: SimulatorClient,
): Promise<UploadOutcome[]> {
  const startedAt = performance.now();
  const outcomes: UploadOutcome[] = [];
  const actions = [...listUploads(plan, arena, outcomes), ...listTrouble(plan, arena, simulator)];
  await Promise.all(
    actions.map(async ({ at, run }) => {
      await sleep(Math.max(0, at - (performance.now() - startedAt)));
      await run();
    }),
  );
  return outcomes;
}

function listUploads(plan: Plan, arena: Arena, outcomes: UploadOutcome[]): Action[] {
  const service = BlobServiceClient.fromConnectionString(arena.connectionString);
  const uploads = service.getContainerClient(UPLOADS_CONTAINER);
  return plan.uploads.map((planned) => ({
    at: planned.at,
    run: async () => outcomes.push(await uploadAsPlanned(uploads, planned)),
  }));
}

function listTrouble(
  plan: Plan,
  { instances, proxy }: Arena,
  simulator: SimulatorClient,
): Action[] {
  const { kills, serviceFaults, storageFaults, hostFaults } = plan;
  return [
    ...kills.map(({ at, instance, moment }) => ({
      at,
      run: async () => instances[instance]?.kill(moment),
    })),
    ...serviceFaults.map(({ at, fault }) => ({ at, run: () => simulator.orderFault(fault) })),
    ...storageFaults.map(({ at, faults }) => ({
      at,
      run: async () => proxy.setFaults(faults),
    })),
    ...hostFaults.map(({ at, instance, faults }) => ({
      at,
      run: async () => instances[instance]?.setFaults(faults),
    })),
  ];
}

/**
 * Ends all faults. Those that are part of a request's story stay until they have struck: without
 * them it would end in another way.
 */
export async function calm(plan: Plan, arena: Arena, simulator: SimulatorClient): Promise<void> {
  arena.proxy.setFaults({});
  await Promise.all(arena.instances.map((instance) => instance.setFaults({})));
  await simulator.clearFaults();
  const exchanges = arena.arm.listExchanges();
  for (const { fault } of plan.serviceFaults) {
    const { path } = fault;
    const hasStruck = exchanges.some(
      ({ startedOperation, url }) => startedOperation && url.includes(`${path}?`),
    );
    if (path !== undefined && !hasStruck) await simulator.orderFault(fault);
  }
}
