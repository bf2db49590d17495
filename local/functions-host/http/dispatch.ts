import type { FaultPlan } from "../faults.ts";
import type { HostKeys } from "../keys.ts";
import { type AdminOptions, answerAdmin } from "./admin.ts";
import type { HostAnswer, HostRequest } from "./exchange.ts";
import { answerFaults, FAULTS_PATH } from "./faults-route.ts";
import type { FunctionRouter } from "./router.ts";
import { type AcceptBlobEvent, answerBlobWebhook, BLOB_WEBHOOK_PATH } from "./webhook.ts";

export interface DispatchOptions {
  readonly keys: HostKeys;
  readonly admin: AdminOptions;
  readonly faults: FaultPlan;
  readonly routeFunctions: FunctionRouter;
  /** Undefined when the app has no blob function: then there is no webhook either. */
  readonly acceptBlobEvent: AcceptBlobEvent | undefined;
}

const HOME_PAGE = "<!DOCTYPE html><title>Functions host stand-in</title><p>The app is running.</p>";

/** Returns what answers every request of the host. */
export function createDispatcher(
  options: DispatchOptions,
): (request: HostRequest) => Promise<HostAnswer> {
  return async (request) => {
    const path = request.url.pathname;
    const isAdmin = path === "/admin" || path.startsWith("/admin/");
    if (isAdmin) return answerAdmin(request, options.admin);
    if (path === FAULTS_PATH) return answerFaults(request, options.faults);
    if (path === BLOB_WEBHOOK_PATH && options.acceptBlobEvent !== undefined) {
      return answerBlobWebhook(request, options.keys, options.acceptBlobEvent);
    }
    const answer = options.routeFunctions(request);
    if (answer !== undefined) return answer;
    if (path === "/" && request.method === "GET") return answerHome();
    return { status: 404 };
  };
}

function answerHome(): HostAnswer {
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: HOME_PAGE };
}
