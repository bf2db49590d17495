import { describe, expect, it } from "vitest";
import {
  GALLERY_ERRORS,
  type GalleryError,
  type GalleryErrorName,
} from "../../../../local/arm-simulator/control/gallery-errors.ts";
import { retryOf, toFailure } from "../../../../shared/service-errors/service-errors.ts";
import { EXPECTED_GALLERY_ERRORS } from "../../../expected-gallery-errors.ts";
import { makeServiceErrorParts } from "../../../factories.ts";

const VERSION_ID =
  "/subscriptions/99999999-2222-3333-4444-555555555555/resourceGroups/images-rg/providers/Microsoft.Compute/galleries/ours/images/ubuntu/versions/1.4.0";

function partsOf(name: GalleryErrorName) {
  const found: GalleryError = GALLERY_ERRORS[name];
  const { code, message, target = null } = found.error;
  // An operation that failed is reported with status 200.
  const status = "status" in found ? found.status : 200;
  return makeServiceErrorParts({ status, code, message, target });
}

describe("the errors of galleries", () => {
  it.each(Object.entries(EXPECTED_GALLERY_ERRORS))(
    "%s: whether it is retried, and what to do",
    (name, expected) => {
      const parts = partsOf(name as GalleryErrorName);
      const [retry, fix] = expected;

      expect(retryOf(parts)).toBe(retry);
      expect(toFailure(parts, VERSION_ID)).toMatchObject({
        code: parts.code,
        retryable: retry !== "never",
        fix: expect.stringMatching(fix),
      });
    },
  );

  it("leave no placeholder where the output is known", () => {
    const fixes = Object.keys(EXPECTED_GALLERY_ERRORS).map(
      (name) => toFailure(partsOf(name as GalleryErrorName), VERSION_ID).fix ?? "",
    );
    const commands = fixes
      .flatMap((fix) => fix.split("\n"))
      .filter((line) => /^ {2}az /.test(line));

    expect(commands.length).toBeGreaterThan(8);
    expect(commands.filter((line) => /'[A-Z_]+'|[{]\w/.test(line))).toEqual([]);
  });

  it("say for a missing listKeys how to make a role of this one action, on that account alone", () => {
    const { fix } = toFailure(partsOf("ListKeysMissing"), VERSION_ID);
    const [create = "", assign = ""] = (fix ?? "")
      .split("\n")
      .filter((line) => /^ {2}az /.test(line));
    const group =
      "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/myResourceGroup";

    expect(JSON.parse(/'(\{.*\})'$/.exec(create)?.[1] ?? "")).toMatchObject({
      Actions: ["Microsoft.Storage/storageAccounts/listKeys/action"],
      AssignableScopes: [group],
    });
    expect(assign.trim()).toBe(
      `az role assignment create --assignee-object-id '33333333-4444-5555-6666-777777777777' --assignee-principal-type ServicePrincipal --role 'vhd-to-image key listing' --scope '${group}/providers/Microsoft.Storage/storageAccounts/mystorageaccount'`,
    );
    expect(fix).toMatch(/Storage Account Contributor/);
  });

  it("take the names of commands for the output from the app, never from a message", () => {
    const { fix } = toFailure(partsOf("InvalidBeginGetAccess"));

    expect(fix).toMatch(
      /--gallery-image-definition 'DEFINITION' --gallery-image-version 'VERSION'/,
    );
  });

  it.each(["'; rm -rf ~ #", "$(reboot)", "a b", "`id`"])(
    "put nothing into a command that a shell would not take as it is: %s",
    (name) => {
      const hostile = VERSION_ID.replace("images-rg", name);
      const account = partsOf("ListKeysMissing").message.replaceAll("myResourceGroup", name);
      const error = { ...partsOf("ListKeysMissing"), message: account };

      expect(toFailure(partsOf("InvalidBeginGetAccess"), hostile).fix).not.toContain(name);
      expect(toFailure(error, hostile).fix).not.toContain(name);
    },
  );
});

describe("errors of managed images", () => {
  it.each([
    [
      "PropertyChangeNotAllowed",
      409,
      "Changing property 'osDisk.osType' is not allowed.",
      /imageName/,
    ],
    ["Conflict", 409, "The image exists.", /imageName/],
    ["NotFound", 404, "Disk myDisk is not found.", /resource id of every source/],
    [
      "InvalidParameter",
      400,
      "The value of osDisk.storageAccountType is invalid.",
      /^Correct what/,
    ],
    ["InternalOperationError", 200, "An internal error occurred.", /temporary problem/],
  ])("%s keeps what to do: %#", (code, status, message, fix) => {
    expect(toFailure(makeServiceErrorParts({ code, status, message })).fix).toMatch(fix);
  });
});
