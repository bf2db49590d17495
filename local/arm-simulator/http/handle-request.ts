import { ArmError, methodNotSupported } from "../errors.ts";
import { deleteVersion, patchVersion } from "../galleries/change-version.ts";
import {
  deleteDefinition,
  getDefinition,
  listDefinitions,
  patchDefinition,
  putDefinition,
} from "../galleries/definitions.ts";
import {
  deleteGallery,
  getGallery,
  listGalleries,
  patchGallery,
  putGallery,
} from "../galleries/galleries.ts";
import { listSoftDeleted } from "../galleries/soft-delete.ts";
import { getVersion, listVersions, putVersion } from "../galleries/versions.ts";
import { resourceNotFound } from "../images/image-store.ts";
import { deleteImage, getImage, listImages, patchImage, putImage } from "../images/images.ts";
import { answerManagement } from "../management/management.ts";
import { observeOperation, viewOperation } from "../operations.ts";
import { formatResourceId, toKey } from "../resource-id.ts";
import { judgeRight, type WantedAction } from "../rights.ts";
import type { Service } from "../service.ts";
import { viewInstance, viewSource } from "../sources/source-view.ts";
import { formatRetryAfter, type ResourceRequest } from "../start-operation.ts";
import type { ResourceType } from "./api-versions.ts";
import { type ArmRequest, type ArmResponse, decodePathname } from "./arm-http.ts";
import { parseRoute, type Route } from "./route.ts";
import { shapeAnswer } from "./shape-answer.ts";

type Handler = (service: Service, target: ResourceRequest) => ArmResponse | Promise<ArmResponse>;

/** What answers the methods of a type; the other types can only be read. */
const HANDLERS: Partial<Record<ResourceType, Readonly<Record<string, Handler>>>> = {
  images: { DELETE: deleteImage, GET: getImage, PATCH: patchImage, PUT: putImage },
  galleries: { DELETE: deleteGallery, GET: getGallery, PATCH: patchGallery, PUT: putGallery },
  "galleries/images": {
    DELETE: deleteDefinition,
    GET: getDefinition,
    PATCH: patchDefinition,
    PUT: putDefinition,
  },
  "galleries/images/versions": {
    DELETE: deleteVersion,
    GET: getVersion,
    PATCH: patchVersion,
    PUT: putVersion,
  },
};

/**
 * Answers a request with a valid token as the service does.
 *
 * @throws ArmError for every refusal
 */
export async function handleRequest(service: Service, request: ArmRequest): Promise<ArmResponse> {
  const managed = answerManagement(service, request);
  if (managed !== undefined) return managed;
  const route = parseRoute(request.url, service);
  judgeMediaType(request);
  judgeRight(service.store, nameAction(request, route));
  const response = await answerRoute(service, request, route);
  return shapeAnswer(response, route.type, route.apiVersion);
}

async function answerRoute(
  service: Service,
  request: ArmRequest,
  route: Route,
): Promise<ArmResponse> {
  const handlers = route.kind === "resource" ? HANDLERS[route.type] : undefined;
  if (route.kind === "resource" && handlers !== undefined) {
    const handle = handlers[request.method];
    if (handle === undefined) throw methodNotSupported(request);
    const { subscriptionId, resourceGroup, type, name, apiVersion } = route;
    return handle(service, {
      id: { subscriptionId, resourceGroup, type, name },
      apiVersion,
      request,
    });
  }
  if (request.method !== "GET") throw methodNotSupported(request);
  switch (route.kind) {
    case "list":
      return list(service, route);
    case "operation":
      return getOperation(service, route, request.url);
    case "resource":
      return getSource(service, route, request.url);
  }
}

function list(service: Service, route: Route & { readonly kind: "list" }): ArmResponse {
  const { type, subscriptionId, resourceGroup = "", name } = route;
  const parent = (parentType: string) => ({
    subscriptionId,
    resourceGroup,
    type: parentType,
    name,
  });
  switch (type) {
    case "images":
      return listImages(service, subscriptionId, route.resourceGroup);
    case "galleries":
      return listGalleries(service, subscriptionId, route.resourceGroup);
    case "galleries/images":
      return listDefinitions(service, parent("galleries"));
    case "galleries/images/versions":
      return listVersions(service, parent("galleries/images"));
    case "galleries/softDeletedArtifactTypes/artifacts/versions":
      return listSoftDeleted(service, parent("galleries/softDeletedArtifactTypes/artifacts"));
  }
}

const VERBS: Readonly<Record<string, string>> = { GET: "read", DELETE: "delete" };

function nameAction({ method, url }: ArmRequest, { type }: Route): WantedAction {
  const verb = VERBS[method] ?? "write";
  return { action: `Microsoft.Compute/${type}/${verb}`, scope: decodePathname(url) };
}

function getSource(
  { store }: Service,
  route: Route & { readonly kind: "resource" },
  url: URL,
): ArmResponse {
  const source = store.sources.get(toKey(formatResourceId(route)));
  if (source === undefined) throw resourceNotFound(route);
  if (route.view !== "" && source.type === "virtualMachines") {
    return { status: 200, body: viewInstance(source) };
  }
  const expand = url.searchParams.get("$expand")?.toLowerCase() ?? "";
  return { status: 200, body: viewSource(source, expand.split(",").includes("instanceview")) };
}

/**
 * Answers an operation's status, or with `monitor=true`, which a deletion's `Location` has, 202
 * while the operation is running and 200 without a body afterwards.
 */
function getOperation(
  service: Service,
  route: Route & { readonly kind: "operation" },
  url: URL,
): ArmResponse {
  const operation = service.store.operations.get(route.id);
  const isKnown =
    operation !== undefined && toKey(operation.subscriptionId) === toKey(route.subscriptionId);
  if (!isKnown || operation.end.isUrlGone === true) {
    throw new ArmError(404, "NotFound", `The entity was not found. Operation: '${route.id}'.`);
  }
  const observed = observeOperation(service.store, operation, service.now());
  const headers = observed.endTime === undefined ? formatRetryAfter(service) : {};
  if (url.searchParams.get("monitor") === "true") {
    return observed.endTime === undefined
      ? { status: 202, headers: { ...headers, location: url.href } }
      : { status: 200 };
  }
  return { status: 200, headers, body: viewOperation(observed) };
}

function judgeMediaType({ headers, body }: ArmRequest): void {
  const type = headers["content-type"] ?? "application/json";
  if (body !== "" && !/^(application\/json|text\/json)\b/i.test(type)) {
    throw new ArmError(
      415,
      "UnsupportedMediaType",
      `The content media type '${type}' is not supported. Only 'application/json' is supported.`,
    );
  }
}
