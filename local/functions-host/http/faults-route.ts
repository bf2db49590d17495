import { ZodError, z } from "zod";
import type { FaultPlan } from "../faults.ts";
import { answerJson, type HostAnswer, type HostRequest } from "./exchange.ts";

/** The stand-in's own route for faults. It needs no key: the host listens on loopback only. */
export const FAULTS_PATH = "/_host/faults";

/** Shows the faults (GET), or replaces all of them with the body's (POST; `{}` ends them). */
export async function answerFaults(request: HostRequest, faults: FaultPlan): Promise<HostAnswer> {
  if (request.method === "GET") return answerJson(200, faults.current());
  if (request.method !== "POST") return { status: 404 };
  try {
    faults.replace(JSON.parse((await request.readBody()).toString("utf8")));
    return answerJson(200, faults.current());
  } catch (error) {
    if (error instanceof ZodError) return answerJson(400, { error: z.prettifyError(error) });
    if (error instanceof SyntaxError) return answerJson(400, { error: error.message });
    throw error;
  }
}
