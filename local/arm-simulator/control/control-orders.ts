import { z } from "zod";
import type { ArmResponse } from "../http/arm-http.ts";
import type { Service } from "../service.ts";
import { addResourceGroup } from "../store.ts";
import { createDefinition, createGallery, placeStorageAccount } from "./control-galleries.ts";
import { createResource } from "./control-resources.ts";
import {
  definitionSchema,
  diskSchema,
  galleryErrorSchema,
  gallerySchema,
  operationFaultSchema,
  regionFaultSchema,
  requestFaultSchema,
  resourceGroupSchema,
  rivalFaultSchema,
  settingsSchema,
  storageAccountSchema,
  virtualMachineSchema,
} from "./control-schema.ts";

/** Which key tells the kind of a fault, and what it looks like. */
const FAULT_SCHEMAS = [
  ["status", requestFaultSchema],
  ["operation", operationFaultSchema],
  ["replication", regionFaultSchema],
  ["rival", rivalFaultSchema],
  ["galleryError", galleryErrorSchema],
] as const;

/** Orders the fault that the text describes: 201, or 400 with the reason. */
export function orderFault(service: Service, text: string): ArmResponse {
  return withJsonObject(text, (order) => {
    const [kind, ...others] = FAULT_SCHEMAS.filter(([key]) => key in order);
    if (kind === undefined || others.length > 0) {
      const keys = FAULT_SCHEMAS.map(([key]) => `'${key}'`).join(", ");
      return refuse(400, `A fault has exactly one of ${keys}.`);
    }
    const [, schema] = kind;
    const fault = schema.safeParse(order);
    if (!fault.success) return refuseInvalid(fault.error);
    service.faults.add(fault.data);
    return { status: 201, body: fault.data };
  });
}

/** Changes how the service is set up: 200 with all settings, or 400 with the reason. */
export function orderSettings({ store }: Service, text: string): ArmResponse {
  return withJsonObject(text, (order) => {
    const parsed = settingsSchema.safeParse(order);
    if (!parsed.success) return refuseInvalid(parsed.error);
    const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    store.settings = { ...store.settings, ...Object.fromEntries(given) };
    return { status: 200, body: store.settings };
  });
}

const RESOURCE_SCHEMAS = {
  disk: diskSchema,
  snapshot: diskSchema,
  virtualmachine: virtualMachineSchema,
  resourcegroup: resourceGroupSchema,
  gallery: gallerySchema,
  galleryimage: definitionSchema,
  storageaccount: storageAccountSchema,
} as const;

type ResourceOrder = z.output<(typeof RESOURCE_SCHEMAS)[keyof typeof RESOURCE_SCHEMAS]>;

/** Creates the resource that the text describes: 201 with its ids, or 400 with the reason. */
export function orderResource(service: Service, text: string): ArmResponse {
  return withJsonObject(text, (order) => {
    const type = String(order.type).toLowerCase();
    if (!isResourceType(type)) {
      return refuse(
        400,
        "type: expected one of disk, snapshot, virtualMachine, resourceGroup, gallery, galleryImage, storageAccount",
      );
    }
    const parsed = RESOURCE_SCHEMAS[type].safeParse(order);
    if (!parsed.success) return refuseInvalid(parsed.error);
    try {
      return { status: 201, body: create(service, parsed.data) };
    } catch (error) {
      if (error instanceof RangeError) return refuse(400, error.message);
      throw error;
    }
  });
}

function create(service: Service, order: ResourceOrder): object {
  switch (order.type) {
    case "resourceGroup":
      addResourceGroup(service.store, order.name);
      return { name: order.name };
    case "gallery":
      return { ids: createGallery(service, order) };
    case "galleryImage":
      return { ids: createDefinition(service, order) };
    case "storageAccount":
      return { ids: placeStorageAccount(service, order) };
    default:
      return { ids: createResource(service, order) };
  }
}

function isResourceType(type: string): type is keyof typeof RESOURCE_SCHEMAS {
  return Object.hasOwn(RESOURCE_SCHEMAS, type);
}

function withJsonObject(
  text: string,
  use: (body: Readonly<Record<string, unknown>>) => ArmResponse,
): ArmResponse {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return refuse(400, `The body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(body);
  return parsed.success ? use(parsed.data) : refuse(400, "The body is not a JSON object.");
}

function refuseInvalid(error: z.ZodError): ArmResponse {
  const reasons = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  return refuse(400, reasons.join("; "));
}

/** Returns the answer to a mistake in a control request. */
export function refuse(status: number, message: string): ArmResponse {
  return { status, body: { error: { code: "InvalidControlRequest", message } } };
}
