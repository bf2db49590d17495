import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNameProblem } from "../../../../shared/image/blob-name.ts";
import { createBlobLocator } from "../../../../shared/image/blob-uri.ts";
import { ACCOUNT_URL, CONTAINER } from "../../../factories.ts";

const emulatorUrl = "http://127.0.0.1:10000/devstoreaccount1";
const UNCLEAR = "the URI must not contain a space, a backslash, or a segment '.' or '..'";
const locator = createBlobLocator(ACCOUNT_URL, CONTAINER);
const emulator = createBlobLocator(emulatorUrl, CONTAINER);

/** Any legal name of a VHD. */
const vhdName = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc
      .array(
        fc.constantFrom("a", " ", "%", "%20", "#", "?", "/", "\\", "+", "&", "é", "盤", "💾"),
        {
          minLength: 1,
          maxLength: 20,
        },
      )
      .map((parts) => parts.join("")),
  )
  .map((stem) => `${stem}.vhd`)
  .filter((name) => findNameProblem(name) === null);

describe("uriOf and locate", () => {
  it.each([ACCOUNT_URL, `${ACCOUNT_URL}/`, emulatorUrl, `${emulatorUrl}/`])(
    "give back every legal name of the account %s",
    (accountUrl) => {
      const own = createBlobLocator(accountUrl, CONTAINER);
      fc.assert(
        fc.property(vhdName, (name) => {
          const ref = { container: "vhds", name };

          expect(own.locate(own.uriOf(ref))).toMatchObject({ kind: "own", ref });
        }),
      );
    },
  );

  it("percent-encode what a URI cannot hold", () => {
    expect(locator.uriOf({ container: "vhds", name: "a b/100%?#ü.vhd" })).toBe(
      `${ACCOUNT_URL}/vhds/a%20b/100%25%3F%23%C3%BC.vhd`,
    );
  });
});

describe("a relative name", () => {
  it.each(["web.vhd", "folder/web.VHD", "a b.vhd", "100%.vhd", "what?.vhd", "a#1.vhd"])(
    "%s is a blob of the uploads container, taken literally",
    (name) => {
      const ref = { container: CONTAINER, name };

      expect(locator.locate(name)).toEqual({ kind: "own", ref, uri: locator.uriOf(ref) });
    },
  );

  it("names a blob of the uploads container only", () => {
    const reason = "a blob name must not contain a segment '.' or '..'";

    expect(locator.locate("../other/web.vhd")).toEqual({ kind: "invalid", reason });
    expect(locator.locate("a/./web.vhd")).toEqual({ kind: "invalid", reason });
    expect(locator.locate("a/..b/...c.vhd")).toMatchObject({ kind: "own" });
  });

  it.each([
    ["", "it does not name a blob"],
    ["   ", "it does not name a blob"],
    [
      "web.bin",
      "the blob's name must end with .vhd, or with the extension of a disk that the app converts (.vhdx, .vmdk, .qcow2, .vdi, .img, .raw, .ova)",
    ],
    [
      "web.vhd ",
      "the blob's name must end with .vhd, or with the extension of a disk that the app converts (.vhdx, .vmdk, .qcow2, .vdi, .img, .raw, .ova)",
    ],
    [
      "web.vhd?v=1",
      "the blob's name must end with .vhd, or with the extension of a disk that the app converts (.vhdx, .vmdk, .qcow2, .vdi, .img, .raw, .ova)",
    ],
    ...["web.vhd?sig=SECRET", "a/web.vhd?sv=1&SIG=SECRET&x=.vhd"].map((text): [string, string] => [
      text,
      "the blob's name must not have a query; remove the SAS; the app reads with its own identity",
    ]),
    ["a\\web.vhd", "a blob name must not contain a backslash; use a slash"],
    ["..\\web.vhd", "a blob name must not contain a backslash; use a slash"],
    ["a\u0000.vhd", "a blob name must not contain a control character"],
    ["a\r\n.vhd", "a blob name must not contain a control character"],
    [`${"a".repeat(1021)}.vhd`, "a blob name has at most 1,024 characters"],
    ["\udc00.vhd", "the blob's name contains half a surrogate pair"],
  ])("%j is refused: %s", (text, reason) => {
    expect(locator.locate(text)).toEqual({ kind: "invalid", reason });
  });

  it("of 1,024 characters is taken", () => {
    expect(locator.locate(`${"a".repeat(1020)}.vhd`)).toMatchObject({ kind: "own" });
  });
});

describe("an absolute URI", () => {
  it("of the own account names any of its containers", () => {
    const uri = `${ACCOUNT_URL}/vhds/a%20b.vhd`;

    expect(locator.locate(uri)).toEqual({
      kind: "own",
      ref: { container: "vhds", name: "a b.vhd" },
      uri,
    });
  });

  it("is compared as a URI: letters of the host in any case, the usual port", () => {
    const uri = "HTTPS://UploadsAccount.blob.core.windows.net:443/vhds/Web.vhd";

    expect(locator.locate(uri)).toMatchObject({
      kind: "own",
      ref: { container: "vhds", name: "Web.vhd" },
      uri: `${ACCOUNT_URL}/vhds/Web.vhd`,
    });
  });

  it("of an emulator's account is the own one too, of its other accounts not", () => {
    expect(emulator.locate(`${emulatorUrl}/vhds/web.vhd`)).toMatchObject({
      kind: "own",
      ref: { container: "vhds", name: "web.vhd" },
    });
    expect(emulator.locate("http://127.0.0.1:10000/devstoreaccount10/vhds/web.vhd")).toMatchObject({
      kind: "invalid",
    });
  });

  it.each([
    ["https://other.blob.core.windows.net/vhds/web.vhd", "other"],
    ["https://other.z12.blob.storage.azure.net/vhds/web.vhd", "other"],
    ["https://other.blob.core.chinacloudapi.cn/vhds/web.vhd", "other"],
  ])("%s is one of the account %s", (uri, account) => {
    expect(locator.locate(uri)).toEqual({ kind: "external", account, uri });
  });

  it.each([
    ["https://", "it is not a valid URI"],
    ["http://other.blob.core.windows.net/c/web.vhd", "the URI must begin with https://"],
    ["ftp://other.blob.core.windows.net/c/web.vhd", "the URI must begin with https://"],
    ["https://other.blob.core.windows.net:8443/c/web.vhd", "the URI must not name a port"],
    [
      "https://example.org/c/web.vhd",
      "the host must be a blob endpoint, {account}.blob.core.windows.net",
    ],
    [
      "https://user@other.blob.core.windows.net/c/web.vhd",
      "the URI must not have user information",
    ],
    [
      "https://:secret@other.blob.core.windows.net/c/web.vhd",
      "the URI must not have user information",
    ],
    ...["?sv=2024&sig=SECRET", "?", "#x", "#"].map((tail): [string, string] => [
      `${ACCOUNT_URL}/c/web.vhd${tail}`,
      "the URI must not have a query or fragment; remove the SAS; the app reads with its own identity",
    ]),
    [`${ACCOUNT_URL}/web.vhd`, "the URI must name a container and a blob"],
    [`${ACCOUNT_URL}//web.vhd`, "the URI must name a container and a blob"],
    [`${ACCOUNT_URL}/c/`, "it does not name a blob"],
    [
      `${ACCOUNT_URL}/c/web.bin`,
      "the blob's name must end with .vhd, or with the extension of a disk that the app converts (.vhdx, .vmdk, .qcow2, .vdi, .img, .raw, .ova)",
    ],
    [`${ACCOUNT_URL}/c/%zz.vhd`, "the URI is not percent-encoded correctly"],
    [`${ACCOUNT_URL}/%zz/web.vhd`, "the URI is not percent-encoded correctly"],
    [
      "https://other.blob.core.windows.net/c/web.img",
      "the blob's name must end with .vhd: the app converts only disks of its own storage account",
    ],
    [`${ACCOUNT_URL}/a%2Fb/web.vhd`, "the URI's first segment must be a container's name"],
    [`${ACCOUNT_URL}/a.b/web.vhd`, "the URI's first segment must be a container's name"],
    [`${ACCOUNT_URL}/c/a%2F..%2Fweb.vhd`, "a blob name must not contain a segment '.' or '..'"],
    [`${ACCOUNT_URL}/c/..%5Cweb.vhd`, "a blob name must not contain a backslash; use a slash"],
    [`${ACCOUNT_URL}/c/a%00.vhd`, "a blob name must not contain a control character"],
    ...[
      "/x/../c/web.vhd",
      "/c/./web.vhd",
      "/x/%2E%2e/c/web.vhd",
      "/x/.%2e/c/web.vhd",
      "\\c\\web.vhd",
    ].map((path): [string, string] => [`${ACCOUNT_URL}${path}`, UNCLEAR]),
    ["https:\\\\other.blob.core.windows.net\\c\\web.vhd", UNCLEAR],
    [" https://other.blob.core.windows.net/c/web.vhd", UNCLEAR],
    ["https://other.blob.core.windows.net/c/web.vhd\n", UNCLEAR],
    ["https://oth\ter.blob.core.windows.net/c/web.vhd", UNCLEAR],
    ["C:\\disks\\web.vhd", UNCLEAR],
  ])("%s is refused: %s", (text, reason) => {
    expect(locator.locate(text)).toEqual({ kind: "invalid", reason });
  });
});

describe("a name that holds a secret", () => {
  it.each([
    "AccountName=a;AccountKey=MARK==;EndpointSuffix=core.windows.net;.vhd",
    `${ACCOUNT_URL}/vhds/a%3Fsv%3D1%26sig%3DMARK%26x%3D.vhd`,
    `${ACCOUNT_URL}/vhds/a%253Fsig%253DMARK.vhd`,
    `${ACCOUNT_URL}/vhds/SharedAccessSignature%3DMARK;.vhd`,
    "https://other.blob.core.windows.net/vhds/a%3Fsig%3DMARK.vhd",
    "eyJhbGciMARK.eyJzdWIiMARK.c2lnMARK.vhd",
  ])("%s is refused without repeating it", (text) => {
    const located = locator.locate(text);

    expect(located).toEqual({
      kind: "invalid",
      reason:
        "the blob's name must not contain a signature, a key or a token; the app reads with its own identity",
    });
  });
});

describe("the length of a URI", () => {
  const base = `${ACCOUNT_URL}/c/web.vhd?`;
  const tooLong = { kind: "invalid", reason: "a blob's URI has at most 10000 characters" };

  it.each([
    { length: 9_999, isTooLong: false },
    { length: 10_000, isTooLong: false },
    { length: 10_001, isTooLong: true },
  ])("of $length characters is checked: $isTooLong", ({ length, isTooLong }) => {
    const located = locator.locate(base.padEnd(length, "?"));

    expect(located.kind).toBe("invalid");
    expect(located).toEqual(
      isTooLong ? tooLong : { kind: "invalid", reason: expect.stringContaining("query") },
    );
  });

  it("is checked before anything else is", () => {
    expect(locator.locate("?".repeat(250_000))).toEqual(tooLong);
    expect(locator.locate(`https://${"a".repeat(250_000)}`)).toEqual(tooLong);
  });

  it("allows the longest name of a blob with every character percent-encoded", () => {
    const uri = locator.uriOf({ container: "c".repeat(63), name: `${"盤".repeat(1_020)}.vhd` });

    expect(locator.locate(uri)).toMatchObject({ kind: "own" });
  });
});
