import { readFile } from "node:fs/promises";
import { request } from "node:https";
import type { TestWorld } from "./world.ts";

/** What somebody else gets who calls the images API beside the app. */
export interface ArmAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of an operation: how it stands. */
  readonly operationStatus: string | null;
}

/** Calls the simulated images API with a token that is not the app's. */
export async function callArm(test: TestWorld, method: string, url: string): Promise<ArmAnswer> {
  const ca = await readFile(test.world.arm.caFile);
  const headers = { authorization: "Bearer somebody-else" };
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, method, headers }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString("utf8");
      const { status } = JSON.parse(text || "{}") as { status?: string };
      const { statusCode = 0, headers } = answer;
      resolve({ status: statusCode, headers, operationStatus: status ?? null });
    });
    call.on("error", reject);
    call.end();
  });
}

/**
 * Looks at an operation until it is over, which takes as many looks as the simulator was configured for.
 * @throws Error when it is not over after twenty looks.
 */
export async function waitForOperation(test: TestWorld, operationUrl: string): Promise<void> {
  for (let look = 0; look < 20; look++) {
    const { operationStatus } = await callArm(test, "GET", operationUrl);
    if (operationStatus === "Succeeded") return;
  }
  throw new Error("the operation does not come to an end");
}
