import * as z from "zod";
import { EDGE_ZONE, LOCATION } from "../image/names.ts";
import {
  CONFIDENTIAL_ENCRYPTION_TYPES,
  EDGE_STORAGE_TYPES,
  REPLICA_STORAGE_TYPES,
} from "../vocabulary.ts";
import { wordLeaf } from "./leaf.ts";
import { booleanLeaf, idLeaf, integerLeaf, textLeaf } from "./value-leaves.ts";

/** Replicas of one version, in all regions together (Azure's limit). */
export const MAX_REPLICAS = 100;
const MAX_LUN = 63;

/** A number of replicas. */
export const replicas = (description: string) =>
  integerLeaf({ minimum: 1, maximum: MAX_REPLICAS, textToo: false }, description);
/** A storage type of replicas. */
export const storageType = () => wordLeaf(REPLICA_STORAGE_TYPES, "Storage type of the replicas");
const encryptionSet = () => idLeaf("diskEncryptionSets", "Disk encryption set of that region");

const encryption = z
  .strictObject({
    osDiskImage: z
      .strictObject({
        diskEncryptionSetId: encryptionSet().optional(),
        securityProfile: z
          .strictObject({
            confidentialVMEncryptionType: wordLeaf(
              CONFIDENTIAL_ENCRYPTION_TYPES,
              "How the OS disk of a confidential VM is encrypted",
            ).optional(),
            secureVMDiskEncryptionSetId: encryptionSet().optional(),
          })
          .meta({ description: "Encryption of confidential VMs" })
          .optional(),
      })
      .meta({ description: "Encryption of the OS disk" })
      .optional(),
    dataDiskImages: z
      .array(
        z.strictObject({
          lun: integerLeaf(
            { minimum: 0, maximum: MAX_LUN, textToo: false },
            "Logical unit number of the data disk",
          ),
          diskEncryptionSetId: encryptionSet().optional(),
        }),
      )
      .meta({ description: "Encryption of the data disks" })
      .optional(),
  })
  .meta({ description: "Customer-managed keys in this region; for all regions or for none" });

const regionName = () => textLeaf(LOCATION, "A region such as 'westeurope' or 'West Europe'");

const regionObject = z.strictObject({
  name: regionName(),
  regionalReplicaCount: replicas("Replicas in this region; defaults to replicaCount").optional(),
  storageAccountType: storageType().optional(),
  excludeFromLatest: booleanLeaf(
    "Whether 'latest' leaves this version out in this region",
  ).optional(),
  additionalReplicaSets: z
    .array(
      z.strictObject({
        storageAccountType: storageType().optional(),
        regionalReplicaCount: replicas("Replicas of this storage type").optional(),
      }),
    )
    .meta({ description: "Replicas of other storage types in this region" })
    .optional(),
  encryption: encryption.optional(),
});

/** A region by its name alone, or with what differs there. */
export const targetRegion = z
  .preprocess((value) => (typeof value === "string" ? { name: value } : value), regionObject)
  .meta({
    anyOf: [
      { type: "string", pattern: LOCATION.pattern.source },
      z.toJSONSchema(regionObject, { io: "input", unrepresentable: "any" }),
    ],
  });

/** An edge zone with its replicas. */
export const targetEdgeZone = z.strictObject({
  name: regionName(),
  extendedLocation: z
    .strictObject({
      name: textLeaf(EDGE_ZONE, "Name of the edge zone"),
      type: wordLeaf(["EdgeZone"], "Kind of the extended location"),
    })
    .meta({ description: "The edge zone" }),
  extendedLocationReplicaCount: replicas("Replicas in this edge zone").optional(),
  storageAccountType: wordLeaf(EDGE_STORAGE_TYPES, "Storage type of the replicas").optional(),
  encryption: encryption.optional(),
});
