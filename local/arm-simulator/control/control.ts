import type { ArmRequest, ArmResponse } from "../http/arm-http.ts";
import type { Service } from "../service.ts";
import { orderFault, orderResource, orderSettings, refuse } from "./control-orders.ts";
import type { ExchangeLog } from "./exchanges.ts";
import { GALLERY_ERRORS } from "./gallery-errors.ts";

/** Path below which the control routes are; no real service has it. */
export const CONTROL_PREFIX = "/_simulator";

/** What the control routes work on. */
export interface ControlTarget {
  readonly service: Service;
  readonly exchanges: ExchangeLog;
}

interface ControlRoute {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly purpose: string;
  readonly handle: (target: ControlTarget, body: string) => ArmResponse;
}

const ROUTES: readonly ControlRoute[] = [
  {
    method: "GET",
    path: "/",
    purpose: "Lists the control routes.",
    handle: () => ({ status: 200, body: { routes: listRoutes() } }),
  },
  {
    method: "POST",
    path: "/faults",
    purpose: "Injects a fault into the next matching requests, or into the operations they start.",
    handle: ({ service }, body) => orderFault(service, body),
  },
  {
    method: "GET",
    path: "/faults",
    purpose: "Lists the remaining faults.",
    handle: ({ service }) => ({ status: 200, body: service.faults.list() }),
  },
  {
    method: "DELETE",
    path: "/faults",
    purpose: "Removes the remaining faults.",
    handle: ({ service }) => {
      service.faults.clear();
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: "/gallery-errors",
    purpose: "Lists the errors that a fault can give by name, with their sources.",
    handle: () => ({ status: 200, body: GALLERY_ERRORS }),
  },
  {
    method: "POST",
    path: "/resources",
    purpose:
      "Creates a disk, snapshot, virtual machine, resource group, gallery or definition, or places a storage account.",
    handle: ({ service }, body) => orderResource(service, body),
  },
  {
    method: "GET",
    path: "/settings",
    purpose: "Shows which rights the caller lacks, and other settings of the service.",
    handle: ({ service }) => ({ status: 200, body: service.store.settings }),
  },
  {
    method: "POST",
    path: "/settings",
    purpose: "Changes the settings that are given.",
    handle: ({ service }, body) => orderSettings(service, body),
  },
  {
    method: "GET",
    path: "/exchanges",
    purpose: "Lists every request and answer since the start or the last reset.",
    handle: ({ exchanges }) => ({ status: 200, body: exchanges.list() }),
  },
  {
    method: "POST",
    path: "/reset",
    purpose: "Restores the seeded resources and removes images, faults and exchanges.",
    handle: ({ service, exchanges }) => {
      service.store.reset();
      service.faults.clear();
      exchanges.clear();
      return { status: 204 };
    },
  },
];

/** Answers a request to a control route; mistakes in it are answered 400, 404 or 405. */
export function handleControl(target: ControlTarget, request: ArmRequest): ArmResponse {
  const path = request.url.pathname.slice(CONTROL_PREFIX.length).replace(/\/$/, "") || "/";
  const candidates = ROUTES.filter((route) => route.path === path);
  const route = candidates.find(({ method }) => method === request.method);
  if (route !== undefined) return route.handle(target, request.body);
  return candidates.length === 0
    ? refuse(
        404,
        `The control route '${path}' does not exist. GET ${CONTROL_PREFIX}/ lists all control routes.`,
      )
    : refuse(
        405,
        `The control route '${path}' accepts ${candidates.map(({ method }) => method).join(" or ")}.`,
      );
}

function listRoutes(): object[] {
  return ROUTES.map(({ method, path, purpose }) => ({
    method,
    path: `${CONTROL_PREFIX}${path}`,
    purpose,
  }));
}
