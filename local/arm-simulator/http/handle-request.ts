import { ArmError } from "../errors.ts";
import { formatRetryAfter, type ImageRequest } from "../images/image-operations.ts";
import { resourceNotFound } from "../images/image-store.ts";
import { deleteImage, getImage, listImages, patchImage, putImage } from "../images/images.ts";
import { observeOperation, viewOperation } from "../operations.ts";
import { formatResourceId, toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import { viewInstance, viewSource } from "../sources/source-view.ts";
import type { ArmRequest, ArmResponse } from "./arm-http.ts";
import { parseRoute, type Route } from "./route.ts";

type Handler = (service: Service, target: ImageRequest) => ArmResponse | Promise<ArmResponse>;

const IMAGE_METHODS: Readonly<Record<string, Handler>> = {
  DELETE: deleteImage,
  GET: getImage,
  PATCH: patchImage,
  PUT: putImage,
};

/**
 * Answers a request with a valid token as the service does.
 *
 * @throws ArmError for every refusal
 */
export async function handleRequest(service: Service, request: ArmRequest): Promise<ArmResponse> {
  const route = parseRoute(request.url, service.store, service.location);
  judgeMediaType(request);
  if (route.kind === "resource" && route.type === "images") {
    const { subscriptionId, resourceGroup, type, name, apiVersion } = route;
    const handler = IMAGE_METHODS[request.method];
    const id = { subscriptionId, resourceGroup, type, name };
    return handler?.(service, { id, apiVersion, request }) ?? refuseMethod(request);
  }
  if (request.method !== "GET") return refuseMethod(request);
  switch (route.kind) {
    case "imageList":
      return listImages(service, route.subscriptionId, route.resourceGroup);
    case "operation":
      return getOperation(service, route, request.url);
    case "resource":
      return getSource(service, route, request.url);
  }
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

function refuseMethod({ method, url }: ArmRequest): never {
  throw new ArmError(
    405,
    "HttpMethodNotSupported",
    `The HTTP method '${method}' is not supported at scope '${url.pathname}'.`,
  );
}
