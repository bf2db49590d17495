import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll } from "vitest";
import type { ArmOptions } from "../../shared/azure/arm/compute-clients.ts";
import { startTestSimulator, type TestSimulator } from "../unit/local/arm-simulator/simulator.ts";

/** A simulator of the service for the tests of a block; this process trusts its certificate. */
export function useSimulator(): () => TestSimulator {
  let simulator: TestSimulator | undefined;
  const trusted = getCACertificates("default");
  beforeAll(async () => {
    simulator = await startTestSimulator();
    setDefaultCACertificates([...trusted, readFileSync(simulator.caFile, "utf8")]);
  });
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    await simulator?.close();
  });
  return () => {
    if (simulator === undefined) throw new Error("the simulator has not been started");
    return simulator;
  };
}

/** How the adapters reach it. */
export function armOptions({ url }: TestSimulator): ArmOptions {
  const token = { token: "t", expiresOnTimestamp: Date.now() + 3_600_000 };
  return { credential: { getToken: async () => token }, cloud: "AzureCloud", endpoint: url };
}
