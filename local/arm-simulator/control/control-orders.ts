import { z } from "zod";
import type { ArmResponse } from "../http/arm-http.ts";
import type { Service } from "../service.ts";
import { createResource } from "./control-resources.ts";
import {
  diskSchema,
  operationFaultSchema,
  requestFaultSchema,
  resourceGroupSchema,
  virtualMachineSchema,
} from "./control-schema.ts";

/** Orders the fault that the text describes: 201, or 400 with the reason. */
export function orderFault(service: Service, text: string): ArmResponse {
  return withJsonObject(text, (order) => {
    if ("status" in order === "operation" in order) {
      return refuse(400, "A fault has either a 'status' or an 'operation'.");
    }
    const schema = "status" in order ? requestFaultSchema : operationFaultSchema;
    const fault = schema.safeParse(order);
    if (!fault.success) return refuseInvalid(fault.error);
    service.faults.add(fault.data);
    return { status: 201, body: fault.data };
  });
}

const RESOURCE_SCHEMAS = {
  disk: diskSchema,
  snapshot: diskSchema,
  virtualmachine: virtualMachineSchema,
  resourcegroup: resourceGroupSchema,
} as const;

/** Creates the resource that the text describes: 201 with its ids, or 400 with the reason. */
export function orderResource(service: Service, text: string): ArmResponse {
  return withJsonObject(text, (order) => {
    const type = String(order.type).toLowerCase();
    if (!isResourceType(type)) {
      return refuse(400, "type: expected one of disk, snapshot, virtualMachine, resourceGroup");
    }
    const parsed = RESOURCE_SCHEMAS[type].safeParse(order);
    if (!parsed.success) return refuseInvalid(parsed.error);
    if (parsed.data.type === "resourceGroup") {
      service.store.resourceGroups.add(parsed.data.name.toLowerCase());
      return { status: 201, body: { name: parsed.data.name } };
    }
    try {
      return { status: 201, body: { ids: createResource(service, parsed.data) } };
    } catch (error) {
      if (error instanceof RangeError) return refuse(400, error.message);
      throw error;
    }
  });
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
