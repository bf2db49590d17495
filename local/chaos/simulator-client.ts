import { readFile } from "node:fs/promises";
import { request } from "node:https";
import type { Arm } from "../world/arm.ts";
import type { ServiceFault } from "./plan.ts";

/** An image as the simulated service lists it. */
export type ListedImage = {
  readonly name: string;
  readonly id: string;
  readonly properties: { readonly provisioningState: string };
};

/** The simulated service from behind: what it was asked, what it has, what is to go wrong. */
export type SimulatorClient = {
  /** Sends a request and returns the JSON of the answer. @throws {SimulatorError} for a refusal. */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Creates what images and versions can refer to, as `POST /_simulator/resources` takes it. */
  createResource(resource: Readonly<Record<string, string>>): Promise<void>;
  orderFault(fault: ServiceFault): Promise<void>;
  /** Forgets the faults that have not struck. */
  clearFaults(): Promise<void>;
  listImages(subscriptionId: string): Promise<readonly ListedImage[]>;
};

/** The simulator did not answer as it should. */
export class SimulatorError extends Error {
  override readonly name = "SimulatorError";
}

const API_VERSION = "2026-04-01";

/** Returns a client that trusts the simulator's own certificate authority. */
export async function createSimulatorClient(arm: Arm): Promise<SimulatorClient> {
  const ca = await readFile(arm.caFile);
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const { status, text } = await exchange(`${arm.url}${path}`, { method, ca }, body);
    if (status >= 300) throw new SimulatorError(`${method} ${path} answered ${status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    send,
    createResource: async (resource) =>
      void (await send("POST", "/_simulator/resources", resource)),
    orderFault: async (fault) => void (await send("POST", "/_simulator/faults", fault)),
    clearFaults: async () => void (await send("DELETE", "/_simulator/faults")),
    listImages: async (subscriptionId) => {
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/images`;
      const list = (await send("GET", `${path}?api-version=${API_VERSION}`)) as {
        value: ListedImage[];
      };
      return list.value;
    },
  };
}

function exchange(
  url: string,
  { method, ca }: { readonly method: string; readonly ca: Buffer },
  body: unknown,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: "Bearer chaos", "content-type": "application/json" };
    const outgoing = request(url, { method, ca, headers, agent: false }, async (answer) => {
      try {
        const chunks = await answer.toArray();
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
