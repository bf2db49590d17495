import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imageFromDisk, imagePath, imageVersion, startTestSimulator } from "./simulator.ts";

test("exchanges are recorded whole, without credentials", async () => {
  const simulator = await startTestSimulator();
  try {
    const body = imageFromDisk({ blobUri: "https://a.blob.core.windows.net/c/d.vhd?sig=s3cret&x" });
    const { json, headers } = await simulator.put("web", body);
    await fetch(simulator.identity.endpoint);
    const exchanges = await simulator.exchanges();
    expect(simulator.listExchanges()).toEqual(exchanges);
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]).toMatchObject({
      method: "PUT",
      url: `${simulator.url}${imagePath}/web?${imageVersion}`,
      headers: { "content-type": "application/json" },
      body: { location: "westus" },
      status: 400,
      responseHeaders: { "x-ms-request-id": headers["x-ms-request-id"] },
      responseBody: json,
    });
    expect(exchanges[0]?.headers).not.toHaveProperty("authorization");
    expect(JSON.stringify(exchanges)).not.toContain("s3cret");
  } finally {
    await simulator.close();
  }
});

test("a dropped connection is recorded without a status", async () => {
  const simulator = await startTestSimulator();
  try {
    await simulator.control("faults", { status: "drop" });
    await expect(simulator.get("web")).rejects.toThrow();
    expect(await simulator.exchanges()).toMatchObject([
      { method: "GET", body: null, status: null, responseHeaders: {}, responseBody: null },
    ]);
  } finally {
    await simulator.close();
  }
});

test("an exchange tells when it came and whether an operation began, even if its answer was lost", async () => {
  const startedAt = new Date().toISOString();
  const simulator = await startTestSimulator();
  try {
    await simulator.control("faults", { method: "PUT", status: "drop", when: "after" });
    await expect(simulator.put("web", imageFromDisk())).rejects.toThrow();
    await simulator.put("web", imageFromDisk());
    const exchanges = await simulator.exchanges();
    expect(exchanges.map(({ startedOperation }) => startedOperation)).toEqual([true, false]);
    expect(exchanges.every(({ receivedAt }) => receivedAt >= startedAt)).toBe(true);
  } finally {
    await simulator.close();
  }
});

test("the record file gets each exchange as a line, and outlives simulator and reset", async () => {
  const folder = await mkdtemp(join(tmpdir(), "arm-record-"));
  try {
    const recordFile = join(folder, "exchanges.jsonl");
    const lines: string[] = [];
    const simulator = await startTestSimulator({ recordFile, log: (line) => lines.push(line) });
    await simulator.get("one");
    await simulator.send("PUT", `${imagePath}/two?${imageVersion}`, { body: "no json" });
    const exchanges = await simulator.exchanges();
    await simulator.control("reset");
    await simulator.close();
    const recorded = (await readFile(recordFile, "utf8")).trimEnd().split("\n");
    expect(recorded.map((line) => JSON.parse(line))).toEqual(exchanges);
    expect(exchanges[1]?.body).toBe("no json");
    expect(lines).toEqual([`GET ${imagePath}/one 404`, `PUT ${imagePath}/two 400`]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a record file that cannot be opened is refused at start", async () => {
  const recordFile = join(tmpdir(), "no-such-folder", "exchanges.jsonl");
  await expect(startTestSimulator({ recordFile })).rejects.toThrow(
    `cannot record exchanges to '${recordFile}'`,
  );
});
