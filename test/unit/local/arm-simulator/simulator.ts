import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { Exchange } from "../../../../local/arm-simulator/control/exchanges.ts";
import {
  type ArmSimulator,
  type ArmSimulatorOptions,
  startArmSimulator,
} from "../../../../local/arm-simulator/server.ts";
import { account } from "./azurite.ts";

export const subscriptionId = "11111111-2222-3333-4444-555555555555";
export const groupPath = `/subscriptions/${subscriptionId}/resourceGroups/images-rg`;
export const imagePath = `${groupPath}/providers/Microsoft.Compute/images`;
export const seedPath = `/subscriptions/${subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute`;
export const imageVersion = "api-version=2026-04-01";

/** What tests look at in the bodies of answers. */
export interface AnswerBody {
  readonly error?: { readonly code: string; readonly message: string; readonly target?: string };
  readonly properties?: { readonly provisioningState?: string };
  readonly status?: string;
}

/** An answer of the simulator; `json` is empty if there was no body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly json: AnswerBody;
}

/** What to send besides method and path. */
export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A simulator and how tests talk to it. */
export interface TestSimulator extends ArmSimulator {
  /** Sends a request with a token to `path`, which is below the simulator's URL or absolute. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** PUTs an image of that name into `images-rg`. */
  put(name: string, body: unknown): Promise<Answer>;
  get(name: string): Promise<Answer>;
  /** Posts to a control route, without a token. */
  control(path: string, body?: unknown): Promise<Answer>;
  exchanges(): Promise<readonly Exchange[]>;
  /** GETs the operation that an answer points to. */
  poll(answer: Answer): Promise<Answer>;
}

/** Starts a simulator that knows one subscription with the resource group `images-rg`. */
export async function startTestSimulator(
  options: Partial<ArmSimulatorOptions> = {},
): Promise<TestSimulator> {
  const simulator = await startArmSimulator({
    subscriptions: [subscriptionId],
    resourceGroups: ["images-rg"],
    storage: { blobEndpoint: "http://127.0.0.1:9", accounts: [account] },
    ...options,
  });
  const ca = readFileSync(simulator.caFile, "utf8");
  const sendRaw = (method: string, path: string, given: SendOptions = {}) =>
    sendHttps(method, new URL(path, simulator.url), ca, given);
  const send: TestSimulator["send"] = (method, path, given = {}) =>
    sendRaw(method, path, { ...given, headers: { authorization: "Bearer t", ...given.headers } });
  return {
    ...simulator,
    send,
    put: (name, body) => send("PUT", `${imagePath}/${name}?${imageVersion}`, { body }),
    get: (name) => send("GET", `${imagePath}/${name}?${imageVersion}`),
    control: (path, body) => sendRaw("POST", `/_simulator/${path}`, { body }),
    exchanges: async () => {
      const { json } = await sendRaw("GET", "/_simulator/exchanges");
      return Array.isArray(json) ? json : [];
    },
    poll: ({ headers }) => send("GET", String(headers["azure-asyncoperation"])),
  };
}

/** Sends a request over a connection of its own and reads the whole answer. */
export function sendHttps(
  method: string,
  url: URL,
  ca: string,
  { body, headers = {} }: SendOptions,
): Promise<Answer> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method, ca, agent: false, headers: { ...type, ...headers } },
      async (incoming) => {
        const chunks = await incoming.toArray();
        const answer = Buffer.concat(chunks).toString("utf8");
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          json: answer === "" ? {} : JSON.parse(answer),
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

/** Returns the body of an image made from the seeded managed disk, with changes to its OS disk. */
export function imageFromDisk(osDisk: object = {}, rest: object = {}): object {
  return {
    location: "westus",
    properties: {
      storageProfile: {
        osDisk: {
          osType: "Windows",
          osState: "Generalized",
          managedDisk: { id: `${seedPath}/disks/myManagedDisk1` },
          ...osDisk,
        },
      },
    },
    ...rest,
  };
}
