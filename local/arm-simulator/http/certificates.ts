import { randomUUID } from "node:crypto";
import { generate } from "selfsigned";

/** A certificate authority made for one run, and a server certificate that it signed; all PEM. */
export interface LoopbackCertificates {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const ELLIPTIC_CURVE = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/**
 * Returns a certificate for 127.0.0.1 and localhost, signed by a certificate authority whose key is
 * forgotten at once. Both are valid for 30 days, from a day ago for clocks that differ.
 */
export async function createLoopbackCertificates(): Promise<LoopbackCertificates> {
  // Clients judge validity by the real clock, whatever clock the simulator was given.
  const validity = {
    notBeforeDate: new Date(Date.now() - DAY_MILLISECONDS),
    notAfterDate: new Date(Date.now() + 30 * DAY_MILLISECONDS),
  };
  const authority = await generate(
    // A name of its own: of two authorities with one name, a client that trusts both may try the wrong.
    [{ name: "commonName", value: `vhd-to-image ARM simulator CA ${randomUUID()}` }],
    {
      ...ELLIPTIC_CURVE,
      ...validity,
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      ],
    },
  );
  const server = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    ...ELLIPTIC_CURVE,
    ...validity,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
          { type: 2, value: "localhost" },
        ],
      },
    ],
  });
  return { ca: authority.cert, key: server.private, cert: server.cert };
}
