import { describe, expect, it } from "vitest";
import { actionFor, listCommands, questionFor } from "../../../board/model/actions.ts";
import { describeFinding, listPartitions } from "../../../board/model/finding.ts";
import { splitFix } from "../../../board/model/fix.ts";
import {
  formatBytes,
  formatDuration,
  percent,
  visible,
  visibleLines,
} from "../../../board/model/format.ts";
import { listHealthProblems } from "../../../board/model/health.ts";
import { pauseSeconds } from "../../../board/model/pace.ts";
import { planPath, readPlan } from "../../../board/model/plan.ts";
import { readQueue } from "../../../board/model/queue.ts";
import { readStatus } from "../../../board/model/read-status.ts";
import { describeConversion, listReasons, listStuck } from "../../../board/model/reasons.ts";
import { formatRoute, NO_FILTER, parseRoute, type Route } from "../../../board/model/route.ts";
import { isEnd, STATES, type Status, toneOf } from "../../../board/model/status.ts";
import { listShares, listSteps } from "../../../board/model/timeline.ts";
import { toCloudEvent } from "../../../shared/events.ts";
import { toStatusView } from "../../../shared/http/status-view.ts";
import { isTerminal, REQUEST_STATES } from "../../../shared/record/states.ts";
import { ago, makeDisk, makeStatus, NOW, UBUNTU } from "../../board/samples.ts";
import { makeRecord } from "../../factories.ts";

const ID = "k3vk3vk3vk3vk3vk3vk3";
const waiting = makeStatus({ requestId: ID });

describe("the page's idea of a status", () => {
  it("fits the document that the app answers with", () => {
    const status: Status = toStatusView(makeRecord());
    expect(readStatus(JSON.parse(JSON.stringify(status)))).toEqual(status);
  });

  it("knows the states of the app, and which are ends", () => {
    expect(STATES).toEqual(expect.arrayContaining([...REQUEST_STATES]));
    for (const state of REQUEST_STATES) expect(isEnd(state)).toBe(isTerminal(state));
  });

  it("makes missing lists empty, and nothing of what is not a status", () => {
    expect(readStatus({ requestId: ID, state: "waiting", source: "a.vhd" })).toMatchObject({
      disks: [],
      events: [],
      outputs: [],
      warnings: [],
      error: null,
    });
    for (const strange of [null, "text", [], { requestId: 1, state: "waiting", source: "a" }]) {
      expect(readStatus(strange)).toBeNull();
    }
  });

  it("shows a state that it does not know as one that goes on", () => {
    expect(toneOf("replicating")).toBe("busy");
    expect(toneOf("Completed")).toBe("good");
  });
});

describe("a fragment of the address", () => {
  const routes: readonly (readonly [string, Route])[] = [
    ["#/", { view: "list", filter: NO_FILTER }],
    ["#/plan", { view: "plan" }],
    ["#/queue", { view: "queue" }],
    [`#/${ID}`, { view: "request", requestId: ID }],
    ["#/?state=failed", { view: "list", filter: { ...NO_FILTER, state: "failed" } }],
    ["#/?source=a%26b+c.vhd", { view: "list", filter: { ...NO_FILTER, source: "a&b c.vhd" } }],
  ];

  it.each(routes)("%s is a view, and that view's link", (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
    expect(formatRoute(route)).toBe(hash);
  });

  it.each(["", "#", "#/../x", "#/K3V", "#key=secret", `#/${ID}/x`])("%s is the list", (hash) => {
    expect(parseRoute(hash)).toEqual({ view: "list", filter: NO_FILTER });
  });
});

describe("the head of the status queue", () => {
  it("fits the messages that the app publishes", () => {
    const record = makeRecord();
    const event = { sequence: 1, at: ago(0), state: record.state, message: "seen" };
    const message = toCloudEvent(record, event, "account");
    expect(readQueue({ approximateMessageCount: 3, messages: [message] })).toEqual({
      count: 3,
      messages: [
        {
          id: `0 ${message.id}`,
          time: message.time,
          kind: "state changed",
          source: record.source.name,
          requestId: record.requestId,
          state: record.state,
          message: "seen",
        },
      ],
    });
  });

  it("shows what it can of other messages, and at most 32", () => {
    const strange = [
      null,
      "text",
      { data: 5, subject: "a.vhd", type: "x" },
      { data: { requestId: "<b>" } },
    ];
    const head = readQueue({ approximateMessageCount: "many", messages: strange });
    expect(head).toMatchObject({ count: 4 });
    expect(head?.messages[2]).toMatchObject({ source: "a.vhd", kind: "x", requestId: null });
    expect(head?.messages[3]?.requestId).toBeNull();
    expect(head?.messages[0]).toMatchObject({ source: "no upload", state: "unknown" });
    const many = { messages: Array.from({ length: 40 }, () => ({})) };
    expect(readQueue(many)?.messages).toHaveLength(32);
    for (const none of [null, "text", {}, { messages: 1 }]) expect(readQueue(none)).toBeNull();
  });
});

describe("a text from outside", () => {
  it("hides nothing: controls and direction marks are replaced", () => {
    expect(visible("a\u202egnp.exe\u0000\u200b")).toBe("a\ufffdgnp.exe\ufffd\ufffd");
    expect(visibleLines("a\r\nb\u2066")).toBe("a\nb\ufffd");
  });

  it("keeps letters of every script", () => {
    expect(visible("диск ディスク é 👍")).toBe("диск ディスク é 👍");
  });
});

describe("numbers in words", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1.5 * 1024 ** 3, "1.5 GiB"],
    [32 * 1024 ** 3, "32 GiB"],
    [5000 * 1024 ** 4, "5000 TiB"],
  ])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [-5, "0 s"],
    [59_400, "59 s"],
    [90_000, "1 min 30 s"],
    [7_200_000, "2 h"],
    [90_000_000, "1 d 1 h"],
  ])("%d ms are %s", (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  it("100 % is only what is done, and nothing of nothing is 0 %", () => {
    expect(percent(999, 1000)).toBe(99);
    expect(percent(1000, 1000)).toBe(100);
    expect(percent(1, 0)).toBe(0);
  });
});

describe("the pause before the next request", () => {
  it.each([
    [1, 0, 2],
    [30, 0, 10],
    [7, 0, 7],
    [600, 0, 10],
    [null, 0, 10],
    [null, 1, 4],
    [null, 3, 16],
    [null, 30, 60],
    [20, 1, 20],
  ])("after Retry-After %s and %d failures is %d s", (retryAfter, failures, seconds) => {
    expect(pauseSeconds(retryAfter, failures)).toBe(seconds);
  });
});

describe("the timeline", () => {
  const at = (seconds: number, state: string) => ({ at: ago(seconds), state, message: "" });

  it("has a step for each state in a row, with its duration", () => {
    const events = [at(100, "received"), at(90, "waiting"), at(50, "waiting"), at(20, "creating")];
    const steps = listSteps({ events, state: "creating" }, NOW);
    expect(steps.map(({ state, duration }) => [state, duration])).toEqual([
      ["received", 10_000],
      ["waiting", 70_000],
      ["creating", 20_000],
    ]);
    expect(steps.map(({ isCurrent }) => isCurrent)).toEqual([false, false, true]);
  });

  it("has no duration for an end, and a visible share for every step", () => {
    const events = [at(100, "received"), at(99, "failed")];
    const steps = listSteps({ events, state: "failed" }, NOW);
    expect(steps.at(-1)?.duration).toBeNull();
    expect(listShares(steps)).toEqual([1, 0.08]);
  });

  it("counts no time backwards, and survives a time that is not one", () => {
    const events = [at(10, "received"), at(20, "waiting"), { ...at(5, "creating"), at: "soon" }];
    const steps = listSteps({ events, state: "creating" }, NOW);
    expect(steps.map(({ duration }) => duration)).toEqual([0, null, null]);
  });
});

describe("what an open request waits for", () => {
  it("names every disk that is not there yet", () => {
    const disks = [
      makeDisk({ blob: "a.vhd", state: "missing" }),
      makeDisk({ blob: "b.vhd", state: "uploading", detail: "last written 2 s ago" }),
      makeDisk({ blob: "c.vhd" }),
    ];
    expect(listReasons({ ...waiting, disks }, NOW)).toEqual([
      "a.vhd does not exist yet. Upload it, or correct its name in the manifest.",
      "b.vhd is being uploaded (last written 2 s ago).",
    ]);
  });

  it("says what a planned conversion takes", () => {
    const work = { bytesTotal: 8 * 1024 ** 3, bytesDone: 0, calls: 2048, secondsLeft: 137 };
    expect(describeConversion({ from: "vhdx", to: "x.vhd", ...work })).toBe(
      "vhdx, 0 B of 8 GiB, 0 %, 2048 calls in all, about 2 min 17 s left",
    );
  });

  it("says how far a conversion and a replication are", () => {
    const conversion = { from: "vhdx", to: "x.vhd", bytesTotal: 4096, bytesDone: 1024 };
    const disks = [makeDisk({ blob: "a.vhdx", state: "converting", conversion })];
    const outputs = [
      {
        kind: "galleryVersion",
        state: "replicating",
        id: null,
        version: "1.4.0",
        error: null,
        replication: {
          regions: [
            { region: "West Europe", state: "Completed", progress: 100 },
            { region: "North Europe", state: "Replicating", progress: 42 },
          ],
        },
      },
    ];
    expect(listReasons({ ...waiting, state: "creating", disks, outputs }, NOW)).toEqual([
      "a.vhdx is being converted: vhdx, 1 KiB of 4 KiB, 25 %.",
      "Azure copies version 1.4.0 to North Europe (42 %).",
    ]);
  });

  it("says what Azure answered while the app retries, and since when nothing changed", () => {
    const retrying = { code: "Conflict", message: "Busy.", attempts: 3 };
    const reasons = listReasons({ ...waiting, disks: [], retrying, updatedAt: ago(3600) }, NOW);
    expect(reasons).toEqual([
      "Azure answered Conflict: Busy. The app retries; attempts so far: 3.",
      "Nothing has changed for 1 h. Finish the upload of the disks that are missing, or cancel the request.",
    ]);
  });

  it("is listed for all requests in which nothing happens, the longest wait first", () => {
    const of = (requestId: string, state: string, seconds: number) =>
      makeStatus({ requestId, source: `${requestId}.vhd`, state, updatedAt: ago(seconds) });
    const items = [
      of("new", "waiting", 60),
      of("ended", "failed", 9999),
      of("old", "creating", 3600),
      of("older", "submitting", 7200),
    ];
    expect(listStuck(items, NOW)).toEqual([
      {
        requestId: "older",
        source: "older.vhd",
        why: expect.stringMatching(/Nothing has changed for 2 h\. Check the health/),
      },
      {
        requestId: "old",
        source: "old.vhd",
        why: expect.stringContaining("Nothing has changed for 1 h."),
      },
    ]);
  });

  it("is nothing once the request has ended", () => {
    expect(listReasons({ ...waiting, state: "failed", updatedAt: ago(9999) }, NOW)).toEqual([]);
  });
});

describe("actions", () => {
  it.each([
    ["waiting", null, "cancel"],
    ["converting", null, "cancel"],
    ["submitting", null, "cancel"],
    ["creating", null, null],
    ["failed", null, "retry"],
    ["succeeded", null, "retry"],
    ["failed", "other", null],
  ])("for %s, retried by %s: %s", (state, retriedBy, action) => {
    expect(actionFor({ state, retriedBy })).toBe(action);
  });

  it("say what will happen before it does", () => {
    expect(questionFor("cancel", waiting)).toMatchObject({
      title: "Cancel web.json?",
      yes: "Cancel the request",
      no: "Keep it running",
    });
    const converting = questionFor("cancel", { ...waiting, state: "converting" });
    expect(converting.consequences.join()).toContain("The conversion stops");
    expect(questionFor("retry", waiting).consequences[0]).toMatch(/new request/);
  });

  it("have commands of the command line", () => {
    expect(listCommands({ ...waiting, state: "failed" })).toEqual([
      `vhd-to-image status ${ID}`,
      `vhd-to-image retry ${ID}`,
    ]);
  });
});

describe("a fix", () => {
  it("is split into sentences and commands; a continued command stays one", () => {
    expect(splitFix("Convert it:\n  a b \\\n    c\n  d\nThen upload it.")).toEqual([
      { kind: "text", text: "Convert it:" },
      { kind: "command", text: "a b \\\n  c" },
      { kind: "command", text: "d" },
      { kind: "text", text: "Then upload it." },
    ]);
  });
});

describe("what was found on a disk", () => {
  it("is one sentence, and a line for each partition", () => {
    expect(describeFinding(UBUNTU)).toBe(
      "fixed VHD, 32 GiB, GPT, Linux, generation 2 (UEFI), x64; confidence high",
    );
    expect(listPartitions(UBUNTU)[0]).toBe("EFI system, 256 MiB, FAT32, “EFI”");
  });
});

describe("the health line", () => {
  it("is empty while all is well", () => {
    const dependencies = [{ name: "blobs", status: "ok" }];
    expect(listHealthProblems({ status: "healthy", dependencies })).toEqual([]);
  });

  it("names settings, and dependencies that fail or need attention", () => {
    const health = {
      status: "unhealthy",
      settings: [{ name: "ACTIONS", problem: "must be on or off" }],
      dependencies: [
        { name: "table", status: "failing" },
        { name: "sweep", status: "attention", detail: "last ran 3 h ago" },
      ],
    };
    expect(listHealthProblems(health)).toEqual([
      "Setting ACTIONS must be on or off.",
      "table is failing; the log of the app says why.",
      "sweep: last ran 3 h ago",
    ]);
    expect(listHealthProblems({ status: "unhealthy", dependencies: [] })).toHaveLength(1);
  });
});

describe("a plan", () => {
  it("is read with its verdict, or with the error of an upload that would fail", () => {
    expect(readPlan({ verdict: "create", message: "m" })).toMatchObject({
      verdict: "create",
      outputs: [],
      error: null,
    });
    expect(readPlan({ detail: "d", error: { code: "InvalidManifest" } })).toMatchObject({
      verdict: null,
      message: "d",
      error: { code: "InvalidManifest" },
    });
    for (const other of [null, "text", {}, { detail: "only a problem" }]) {
      expect(readPlan(other)).toBeNull();
    }
  });

  it("is of a manifest under a name, or of an upload", () => {
    expect(planPath({ name: "", source: "" })).toBe("plan");
    expect(planPath({ name: "web.json", source: "" })).toBe("plan?name=web.json");
    expect(planPath({ name: "web.json", source: "a&b.vhd" })).toBe("plan?source=a%26b.vhd");
  });
});
