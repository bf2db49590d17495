import { ArmError, invalidParameter } from "../errors.ts";

/**
 * The rule that the service quotes when it refuses an image name; see
 * https://github.com/hashicorp/packer/issues/5568.
 */
const IMAGE_NAME_RULE = /^[^_\W][\w.-]{0,79}(?<![-.])$/;
const QUOTED_RULE = String.raw`^[^_\W][\w-._]{0,79}(?<![-.])$`;

/** Resource Manager refuses these in every resource name before Compute sees the request. */
const RESERVED_CHARACTERS = [..."<>*%&:\\?+/"];

/**
 * Refuses a name that no image can have.
 *
 * @throws ArmError 400 `InvalidResourceName` or `InvalidParameter`
 */
export function judgeImageName(name: string): void {
  const found = RESERVED_CHARACTERS.filter((character) => name.includes(character));
  if (found.length > 0) {
    throw new ArmError(
      400,
      "InvalidResourceName",
      `The provided resource name '${name}' has these invalid characters: '${found.join("")}'. The name can not have any of the characters '${RESERVED_CHARACTERS.join(",")}'.`,
    );
  }
  if (!IMAGE_NAME_RULE.test(name)) {
    throw invalidParameter(
      "name",
      `The entity name 'name' is invalid according to its validation rule: ${QUOTED_RULE}.`,
    );
  }
}
