import * as z from "zod";
import { IDENTIFIER } from "../image/names.ts";
import { ARCHITECTURES } from "../vocabulary.ts";
import { wordLeaf } from "./leaf.ts";
import { booleanLeaf, dateLeaf, integerLeaf, tagsSchema, text, textLeaf } from "./value-leaves.ts";

const range = (what: string) =>
  z
    .strictObject({
      min: integerLeaf({ minimum: 0, maximum: 2 ** 31 - 1, textToo: false }, `At least`).optional(),
      max: integerLeaf({ minimum: 0, maximum: 2 ** 31 - 1, textToo: false }, `At most`).optional(),
    })
    .meta({ description: what });

/**
 * What an image definition is created as where it is missing; system and generation come from the disk.
 * https://learn.microsoft.com/rest/api/compute/gallery-images/create-or-update
 */
export const newDefinition = z
  .strictObject({
    publisher: textLeaf(IDENTIFIER, "Publisher of the definition"),
    offer: textLeaf(IDENTIFIER, "Offer of the definition"),
    sku: textLeaf(IDENTIFIER, "SKU of the definition"),
    architecture: wordLeaf(ARCHITECTURES, "Processor; defaults to what the disk is for").optional(),
    features: z
      .array(
        z.strictObject({
          name: text("Name, such as SecurityType or DiskControllerTypes"),
          value: text("Value, such as TrustedLaunchSupported"),
          startsAtVersion: text("First version that has the feature").optional(),
        }),
      )
      .meta({ description: "Features; without a SecurityType the app sends Standard" })
      .optional(),
    allowUpdateImage: booleanLeaf("Whether the features can be changed later").optional(),
    recommended: z
      .strictObject({
        vCPUs: range("Recommended number of processors").optional(),
        memory: range("Recommended memory in GiB").optional(),
      })
      .meta({ description: "Recommended sizes of virtual machines" })
      .optional(),
    disallowed: z
      .strictObject({
        diskTypes: z
          .array(text("A disk type, such as Standard_LRS"))
          .meta({ description: "Disk types that machines must not use" })
          .optional(),
      })
      .meta({ description: "What machines must not use" })
      .optional(),
    purchasePlan: z
      .strictObject({
        name: text("Name of the plan"),
        publisher: text("Publisher of the plan").optional(),
        product: text("Product of the plan").optional(),
      })
      .meta({ description: "Purchase plan of a marketplace image" })
      .optional(),
    description: text("Description").optional(),
    eula: text("License agreement").optional(),
    privacyStatementUri: text("Address of the privacy statement").optional(),
    releaseNoteUri: text("Address of the release notes").optional(),
    endOfLifeDate: dateLeaf("End of life of the definition").optional(),
    tags: tagsSchema("Tags of the definition").optional(),
  })
  .meta({
    description:
      "What the definition is created as if it does not exist; needs the setting ALLOW_DEFINITION_CREATE",
  });
