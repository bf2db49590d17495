import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digest, requestIdOf, type UploadIdentity } from "../../../../shared/record/identity.ts";
import { NOW } from "../../../factories.ts";

const manifest = fc.record({
  kind: fc.constant("manifest" as const),
  container: fc.string(),
  name: fc.string(),
  etag: fc.string(),
});
const vhd = fc.record({
  kind: fc.constant("vhd" as const),
  container: fc.string(),
  name: fc.string(),
  createdOn: fc.date({ noInvalidDate: true }),
});
const upload: fc.Arbitrary<UploadIdentity> = fc.oneof(manifest, vhd);

describe("requestIdOf", () => {
  it("stays what it is: records are found by it", () => {
    const container = "uploads";

    expect(requestIdOf({ kind: "manifest", container, name: "web.json", etag: '"0x1"' })).toBe(
      "3p4bhoje4qsuz2up66lr",
    );
    expect(requestIdOf({ kind: "vhd", container, name: "web.vhd", createdOn: NOW })).toBe(
      "nauqv6axhii4qzfnbqvy",
    );
  });

  it("is the same for the same upload, and fit for URLs and row keys", () => {
    fc.assert(
      fc.property(upload, (identity) => {
        const id = requestIdOf(identity);

        expect(id).toMatch(/^[a-z2-7]{20}$/);
        expect(requestIdOf({ ...identity })).toBe(id);
      }),
    );
  });

  it("differs when any part differs", () => {
    fc.assert(
      fc.property(upload, upload, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);

        expect(requestIdOf(one) === requestIdOf(other)).toBe(isSame);
      }),
    );
    fc.assert(
      fc.property(manifest, fc.constantFrom("container", "name", "etag"), (identity, key) => {
        const changed = { ...identity, [key]: `${identity[key as "etag"]}x` };

        expect(requestIdOf(changed)).not.toBe(requestIdOf(identity));
      }),
    );
  });

  it("keeps the parts apart: what moves from one to the next makes another id", () => {
    const one = requestIdOf({ kind: "manifest", container: "a", name: "bc", etag: "d" });

    expect(requestIdOf({ kind: "manifest", container: "ab", name: "c", etag: "d" })).not.toBe(one);
    expect(requestIdOf({ kind: "manifest", container: "a", name: 'bc","', etag: "d" })).not.toBe(
      one,
    );
  });

  it("is not that of a manifest for a VHD of the same name and version", () => {
    const common = { container: "uploads", name: "web" };

    expect(requestIdOf({ kind: "vhd", ...common, createdOn: NOW })).not.toBe(
      requestIdOf({ kind: "manifest", ...common, etag: NOW.toISOString() }),
    );
  });
});

describe("digest", () => {
  it("is SHA-256 of the words in base32, without padding", () => {
    expect(digest([])).toBe("j5j43immfovaya2uxnpzupwl4xwrfk2nryi3vbz4f4irmeqcxfcq");
    expect(digest(["a", "b"])).toMatch(/^[a-z2-7]{52}$/);
  });
});
