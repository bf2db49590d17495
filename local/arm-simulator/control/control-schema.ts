import { z } from "zod";
import { normalizeLocation } from "../locations.ts";
import type { OperationFault, RequestFault } from "./faults.ts";
import { GALLERY_ERROR_NAMES, GALLERY_ERRORS, type GalleryError } from "./gallery-errors.ts";

/** Matches one of the words in any case and returns it in the spelling given here. */
function word<const Word extends string>(...words: readonly Word[]) {
  return z.string().transform((text, context): Word => {
    const found = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (found === undefined) {
      context.addIssue(`expected one of ${words.join(", ")}, received "${text}"`);
      return z.NEVER;
    }
    return found;
  });
}

/** Sent as it is, whatever else it holds. */
const errorBody = z.looseObject({ code: z.string().min(1), message: z.string().default("") });

const match = {
  method: word("GET", "PUT", "PATCH", "DELETE").optional(),
  path: z.string().min(1).optional(),
  error: errorBody.optional(),
  count: z.int().min(1).default(1),
};

const STATUS_RULE = 'expected a status from 400 to 599, "timeout" or "drop"';

/** A fault that spoils requests. */
export const requestFaultSchema = z.strictObject({
  ...match,
  status: z.union(
    [
      z
        .int({ error: STATUS_RULE })
        .min(400, { error: STATUS_RULE })
        .max(599, { error: STATUS_RULE }),
      word("timeout", "drop"),
    ],
    {
      error: STATUS_RULE,
    },
  ),
  when: word("before", "after").default("before"),
  retryAfter: z.int().min(0).optional(),
  seconds: z.number().min(0).optional(),
});

/** A fault that decides what becomes of an operation. */
export const operationFaultSchema = z.strictObject({
  ...match,
  operation: word("Failed", "Canceled", "Gone", "Never", "InProgress").transform((end) =>
    end === "InProgress" ? "Never" : end,
  ),
});

/** A fault that decides how the replication to a region goes. */
export const regionFaultSchema = z.strictObject({
  method: match.method,
  path: match.path,
  count: match.count,
  region: z.string().min(1).transform(normalizeLocation),
  replication: word("Failed", "Slow", "Never"),
  looks: z.int().min(0).max(1_000_000).default(0),
  details: z.string().default("Failed with internal server error."),
});

/** A fault that lets somebody else make a version first. */
export const rivalFaultSchema = z.strictObject({
  method: match.method,
  path: match.path,
  count: match.count,
  rival: word("SameSource", "OtherSource"),
});

/** A fault by the name of an error of galleries: what it does is in the catalogue. */
export const galleryErrorSchema = z
  .strictObject({
    method: match.method,
    path: match.path,
    count: match.count,
    galleryError: word(...GALLERY_ERROR_NAMES),
  })
  .transform(({ galleryError, count, method, path }): RequestFault | OperationFault => {
    const found: GalleryError = GALLERY_ERRORS[galleryError];
    const { error } = found;
    const where = { count, error, method: method ?? found.method, path: path ?? found.path };
    if ("operation" in found) return { ...where, operation: found.operation };
    const { status, retryAfter } = found;
    return {
      ...where,
      status,
      when: "before",
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  });

/** How the service is set up; what is absent stays as it is. */
export const settingsSchema = z.strictObject({
  denied: z
    .array(
      z.union([
        z
          .string()
          .min(1)
          .transform((action) => ({ action })),
        z.strictObject({ action: z.string().min(1), scope: z.string().min(1).optional() }),
      ]),
    )
    .optional(),
  deleteWhileCreating: word("Refuse", "Accept").optional(),
  deleteRetryAfter: z.int().min(0).optional(),
});

const place = {
  name: z.string().min(1).optional(),
  resourceGroup: z.string().min(1).optional(),
  subscriptionId: z.string().min(1).optional(),
  id: z.string().min(1).optional(),
  location: z.string().min(1).optional(),
};

const disk = {
  sizeGB: z.int().min(1).default(10),
  sku: z.string().default("Standard_LRS"),
};

const generation = word("V1", "V2");
const osType = word("Windows", "Linux");
const architecture = word("x64", "Arm64");

/** A managed disk or a snapshot to create. */
export const diskSchema = z.strictObject({
  type: word("disk", "snapshot"),
  ...place,
  ...disk,
  osType: osType.optional(),
  hyperVGeneration: generation.optional(),
  architecture: architecture.optional(),
  securityType: z.string().min(1).optional(),
});

/** A virtual machine to create, with its disks. */
export const virtualMachineSchema = z.strictObject({
  type: word("virtualMachine"),
  ...place,
  osType: osType.default("Linux"),
  hyperVGeneration: generation.default("V1"),
  generalized: z.boolean().default(true),
  powerState: word("running", "stopped", "deallocated").default("deallocated"),
  vmSize: z.string().min(1).optional(),
  securityType: z.string().min(1).optional(),
  osDiskSizeGB: disk.sizeGB,
  dataDisks: z
    .array(z.strictObject({ lun: z.int().min(0).max(63), sizeGB: disk.sizeGB }))
    .default([]),
});

/** A resource group to create, in every subscription. */
export const resourceGroupSchema = z.strictObject({
  type: word("resourceGroup"),
  name: z.string().regex(/^[-\w._()]{1,89}[-\w_()]$|^[-\w_()]$/, {
    error: "expected 1 to 90 letters, digits or -._(), the last one not a period",
  }),
});

/** A gallery to create. */
export const gallerySchema = z.strictObject({
  type: word("gallery"),
  ...place,
  tags: z.record(z.string(), z.string()).optional(),
  softDelete: z.boolean().default(false),
});

/** A definition to create, and the gallery it is in if need be. */
export const definitionSchema = z.strictObject({
  type: word("galleryImage"),
  ...place,
  gallery: z.string().min(1).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  osType: osType.default("Linux"),
  osState: word("Generalized", "Specialized").default("Generalized"),
  hyperVGeneration: generation.default("V2"),
  architecture: architecture.default("x64"),
  securityType: z.string().min(1).optional(),
  features: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  publisher: z.string().min(1).default("publisher"),
  offer: z.string().min(1).default("offer"),
  sku: z.string().min(1).optional(),
});

/** A storage account to place: the simulator's own are in its own location otherwise. */
export const storageAccountSchema = z.strictObject({
  type: word("storageAccount"),
  name: z.string().min(1),
  resourceGroup: place.resourceGroup,
  subscriptionId: place.subscriptionId,
  location: place.location,
});
