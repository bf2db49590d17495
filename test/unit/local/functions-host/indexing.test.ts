import { beforeAll, describe, expect, it } from "vitest";
import { createSettings, MASTER_KEY, startFixtureHost, startWorld, type World } from "./fixture.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 90_000);

describe("a function whose setting is missing", { timeout: 60_000 }, () => {
  it("is in error, and the others run", async () => {
    const { TICK: _, ...settings } = createSettings(world);
    const lines: string[] = [];
    const host = await startFixtureHost(world, { settings, log: (line) => lines.push(line) });
    const admin = async (path: string) =>
      (await fetch(`${host.url}/admin/${path}?code=${MASTER_KEY}`)).json();
    const message = "'%TICK%' does not resolve to a value: set the app setting TICK.";
    expect(await admin("functions/tick/status")).toEqual({ errors: [message] });
    expect(await admin("functions/jobs/status")).toEqual({});
    expect(await admin("host/status")).toMatchObject({ errors: [`tick: ${message}`] });
    expect((await fetch(`${host.url}/api/seen`)).status).toBe(200);
    expect(lines.join("\n")).toContain(`The 'tick' function is in error: ${message}`);
    await host.close();
  });
});

describe("a process", { timeout: 60_000 }, () => {
  it("runs one host at a time, and another one afterwards", async () => {
    const first = await startFixtureHost(world);
    await expect(startFixtureHost(world)).rejects.toThrow("one Functions host at a time");
    await first.close();
    const second = await startFixtureHost(world);
    expect((await fetch(`${second.url}/api/nothing`)).status).toBe(204);
    await second.close();
  });

  it("has its environment variables back when the host is closed", async () => {
    const settings = { ...createSettings(world), ONLY_IN_THE_APP: "yes" };
    const host = await startFixtureHost(world, { settings });
    expect(process.env.ONLY_IN_THE_APP).toBe("yes");
    await host.close();
    expect(process.env.ONLY_IN_THE_APP).toBeUndefined();
  });
});
