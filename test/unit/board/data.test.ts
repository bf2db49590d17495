import { describe, expect, it } from "vitest";
import { type Answer, type Api, createApi } from "../../../board/data/api.ts";
import { createBoard } from "../../../board/data/board.ts";
import { createKeyStore, isPossibleKey, type KeyStore, readKey } from "../../../board/data/key.ts";
import { createPoller } from "../../../board/data/poller.ts";
import type { BoardState } from "../../../board/data/state.ts";
import { announceChanges } from "../../../board/model/pages.ts";
import { parseRoute } from "../../../board/model/route.ts";
import type { Status } from "../../../board/model/status.ts";
import { makeStatus } from "../../board/samples.ts";

const ID = "k3vk3vk3vk3vk3vk3vk3";

function makeKey(initial: string | null = null): KeyStore {
  let key = initial;
  return {
    get: () => key,
    set: (text) => {
      key = text;
    },
    forget: () => {
      key = null;
    },
  };
}

/** Timers that a test runs by hand. */
function makeTimers() {
  const timers = new Map<number, { callback: () => void; milliseconds: number }>();
  let isHidden = false;
  let last = 0;
  return {
    pauses: () => [...timers.values()].map(({ milliseconds }) => milliseconds),
    async fire() {
      const [[id, timer] = []] = timers;
      if (id !== undefined) timers.delete(id);
      timer?.callback();
      await settle();
    },
    hide: (hidden: boolean) => {
      isHidden = hidden;
    },
    tools: {
      setTimer: (callback: () => void, milliseconds: number) => {
        last += 1;
        timers.set(last, { callback, milliseconds });
        return last;
      },
      clearTimer: (id: number) => void timers.delete(id),
      isHidden: () => isHidden,
    },
  };
}

/** Lets everything run that waits for promises only. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const ok = (body: unknown, parts: Partial<Answer> = {}): Answer =>
  ({ kind: "ok", body, etag: '"1"', retryAfter: 5, canAct: true, ...parts }) as Answer;
const HEALTHY = ok({ status: "healthy", dependencies: [] });

/** A board on an API whose answers a test scripts; by the path without `limit`. */
function start(
  hash: string,
  respond: (path: string, etag: string | null) => Answer | Promise<Answer>,
  key: KeyStore = makeKey(),
) {
  const timers = makeTimers();
  const sent: string[] = [];
  const posted: string[] = [];
  const navigated: string[] = [];
  let state = undefined as BoardState | undefined;
  const api: Api = {
    get: async (path, etag) => {
      if (path === "health") return HEALTHY;
      sent.push(path);
      return respond(path, etag);
    },
    post: async (path) => {
      posted.push(path);
      return respond(path, null);
    },
  };
  const board = createBoard(
    {
      ...timers.tools,
      api,
      key,
      clock: () => 1_000_000,
      navigate: (route) => navigated.push(JSON.stringify(route)),
      onChange: (next) => {
        state = next;
      },
    },
    parseRoute(hash),
  );
  board.show(parseRoute(hash));
  return {
    board,
    timers,
    sent,
    posted,
    navigated,
    get state() {
      if (state === undefined) throw new Error("nothing was drawn");
      return state;
    },
  };
}

const page = (items: readonly Status[], nextCursor: string | null = null) => ({
  items,
  nextCursor,
});
const open = makeStatus({ requestId: ID });
const ended = makeStatus({ requestId: "aaaaaaaaaaaaaaaaaaaa", state: "failed" });

describe("the key", () => {
  it("is read from a fragment, decoded", () => {
    expect(readKey("#key=a%2Fb%3D%3D")).toBe("a/b==");
    expect(readKey("#key=100%")).toBe("100%");
    for (const none of ["", "#/", "#key=", "#key=%20"]) expect(readKey(none)).toBeNull();
  });

  it("is kept in memory where the browser's storage is switched off", () => {
    const store = createKeyStore(() => {
      throw new Error("switched off");
    });
    store.set("k");
    expect(store.get()).toBe("k");
    store.forget();
    expect(store.get()).toBeNull();
  });

  it("is something that a header can carry", () => {
    expect(isPossibleKey("abc/==")).toBe(true);
    for (const bad of ["", "a b", "a\nb", "schlüssel"]) expect(isPossibleKey(bad)).toBe(false);
  });
});

describe("a call of the API", () => {
  const call = async (response: Response | Error, secret: string | null = "k") => {
    const seen: { url: string; init: RequestInit }[] = [];
    const api = createApi("https://a.example/api/", makeKey(secret), async (url, init = {}) => {
      seen.push({ url: String(url), init });
      if (response instanceof Error) throw response;
      return response;
    });
    const answer = await api.get("status", '"7"', new AbortController().signal);
    return { answer, seen: seen[0], api };
  };

  it("has the key in a header, never in the address, and follows no redirect", async () => {
    const { seen } = await call(Response.json({}));
    expect(seen?.url).toBe("https://a.example/api/status");
    expect(seen?.init).toMatchObject({
      headers: { "x-functions-key": "k", "if-none-match": '"7"' },
      redirect: "manual",
      referrerPolicy: "no-referrer",
    });
  });

  it.each([
    [
      new Response(null, { status: 304, headers: { "retry-after": "9" } }),
      { kind: "unchanged", retryAfter: 9 },
    ],
    [new Response(null, { status: 401 }), { kind: "unauthorized" }],
    [
      Response.json({ detail: "Bad." }, { status: 400 }),
      { kind: "refused", status: 400, detail: "Bad." },
    ],
    [Response.json({ detail: "Slow." }, { status: 429 }), { kind: "trouble", detail: "Slow." }],
    [new Response("<html>", { status: 502 }), { kind: "trouble", detail: "The app answered 502." }],
    [new Response("<html>", { status: 200 }), { kind: "trouble" }],
    [new TypeError("Failed to fetch"), { kind: "trouble", retryAfter: null }],
  ])("never throws: case %#", async (response, answer) => {
    expect((await call(response)).answer).toMatchObject(answer);
  });

  it("says whether whoever serves the page lets it act", async () => {
    const headers = { "x-vhd-to-image-actions": "off" };
    expect((await call(Response.json({}, { headers }))).answer).toMatchObject({ canAct: false });
    expect((await call(Response.json({}))).answer).toMatchObject({ canAct: true });
  });
});

describe("polling", () => {
  it("has one timer, and gives up what is under way when something else is wanted", async () => {
    const timers = makeTimers();
    const signals: AbortSignal[] = [];
    const poller = createPoller(async (signal) => {
      signals.push(signal);
      await settle();
      return 7;
    }, timers.tools);
    poller.now();
    poller.now();
    await settle();
    await settle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(timers.pauses()).toEqual([7000]);
  });

  it("is silent while the page is hidden, and refreshes when it is shown", async () => {
    const board = start("#/", () => ok(page([open])));
    await settle();
    expect(board.timers.pauses()).toEqual([5000]);
    board.timers.hide(true);
    board.board.visibilityChanged();
    expect(board.timers.pauses()).toEqual([]);
    board.board.loadMore();
    await settle();
    expect(board.sent).toHaveLength(1);
    board.timers.hide(false);
    board.board.visibilityChanged();
    await settle();
    expect(board.sent).toHaveLength(2);
  });

  it("waits longer each time while the app fails, and says so", async () => {
    const board = start("#/", () => ({
      kind: "trouble",
      detail: "The app answered 503.",
      retryAfter: null,
    }));
    await settle();
    const pauses: number[][] = [board.timers.pauses()];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await board.timers.fire();
      pauses.push(board.timers.pauses());
    }
    expect(pauses.flat()).toEqual([4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(board.state.trouble).toMatchObject({ detail: "The app answered 503." });
  });

  it("forgets the trouble with the next answer, and keeps what was shown meanwhile", async () => {
    let isDown = false;
    const board = start("#/", () =>
      isDown ? { kind: "trouble", detail: "Down.", retryAfter: null } : ok(page([open])),
    );
    await settle();
    isDown = true;
    await board.timers.fire();
    expect(board.state.list.items).toHaveLength(1);
    expect(board.state.trouble).not.toBeNull();
    isDown = false;
    await board.timers.fire();
    expect(board.state.trouble).toBeNull();
    expect(board.timers.pauses()).toEqual([5000]);
  });

  it("stops at a key that is missing or refused, forgets it, and goes on with another", async () => {
    const key = makeKey("wrong");
    const board = start(
      "#/",
      () => (key.get() === "right" ? ok(page([])) : { kind: "unauthorized" }),
      key,
    );
    await settle();
    expect(board.state.keyNeeded).toBe("refused");
    expect(key.get()).toBeNull();
    expect(board.timers.pauses()).toEqual([]);
    board.board.useKey("right");
    await settle();
    expect(board.state).toMatchObject({ keyNeeded: null, hasKey: true, list: { items: [] } });
  });
});

describe("the list", () => {
  it("asks with the ETag, and draws again only what changed", async () => {
    const etags: (string | null)[] = [];
    const board = start("#/?state=waiting", (path, etag) => {
      etags.push(etag);
      expect(path).toBe("status?state=waiting&limit=100");
      return etags.length === 2
        ? { kind: "unchanged", retryAfter: 3 }
        : ok(page([{ ...open }, { ...ended, updatedAt: String(etags.length) }]));
    });
    await settle();
    const [first] = board.state.list.items ?? [];
    await board.timers.fire();
    expect(board.timers.pauses()).toEqual([3000]);
    await board.timers.fire();
    expect(etags).toEqual([null, '"1"', '"1"']);
    expect(board.state.list.items?.[0]).toBe(first);
    expect(board.state.list.items?.[1]).toMatchObject({ updatedAt: "3" });
  });

  it("reads later pages again only while a request on them is open", async () => {
    let isOpen = true;
    const board = start("#/", (path) =>
      path.includes("cursor=2")
        ? ok(page([isOpen ? open : { ...open, state: "failed" }]))
        : ok(page([ended], "2")),
    );
    await settle();
    expect(board.state.list).toMatchObject({ hasMore: true });
    board.board.loadMore();
    await settle();
    isOpen = false;
    await board.timers.fire();
    await board.timers.fire();
    expect(board.sent.map((path) => path.includes("cursor"))).toEqual([
      false, // at first
      ...[false, true], // one page more
      ...[false, true], // its request was open
      false, // and has ended
    ]);
    expect(board.state.list).toMatchObject({ hasMore: false });
    expect(board.state.list.items).toHaveLength(2);
  });

  it("says what is wrong with a filter, and that an answer is not a list", async () => {
    const refused: Answer = {
      kind: "refused",
      status: 400,
      detail: "'state' must be…",
      body: null,
    };
    const one = start("#/?state=x", () => refused);
    const other = start("#/", () => ok({ strange: true }));
    await settle();
    expect(one.state.list.problem).toBe("'state' must be…");
    expect(other.state.trouble?.detail).toMatch(/not a list/);
  });

  it("announces changes of states, not polls", () => {
    expect(announceChanges([], [open])).toBe("");
    expect(announceChanges([open], [open])).toBe("");
    expect(announceChanges([open], [{ ...open, state: "failed" }])).toBe("web.json is now failed.");
    const many = ["a", "b", "c", "d"].map((letter) =>
      makeStatus({ requestId: letter.repeat(20), createdAt: "2027-01-01T00:00:00Z" }),
    );
    expect(announceChanges([open], [...many, open])).toBe("4 requests have changed.");
  });
});

describe("one request", () => {
  it("is read until it is known, and announced when it changes", async () => {
    let answer: Answer = { kind: "refused", status: 404, detail: "Unknown.", body: null };
    const board = start(`#/${ID}`, () => answer);
    await settle();
    expect(board.state.request.problem).toBe("Unknown.");
    expect(board.timers.pauses()).toEqual([5000]);
    answer = ok(open);
    await board.timers.fire();
    expect(board.state.request.status).toEqual(open);
    answer = ok({ ...open, state: "creating" });
    await board.timers.fire();
    expect(board.state.announcement).toBe("web.json is now creating.");
  });

  it("is canceled, and read again at once", async () => {
    const board = start(`#/${ID}`, (path) =>
      ok(path.endsWith("cancel") ? { ...open, state: "canceled" } : open),
    );
    await settle();
    await board.board.act("cancel");
    await settle();
    expect(board.posted).toEqual([`status/${ID}/cancel`]);
    expect(board.sent).toHaveLength(2);
    expect(board.state.request.outcome.kind).toBe("done");
  });

  it("leads to the new request when it is retried", async () => {
    const retry = { ...open, requestId: "bbbbbbbbbbbbbbbbbbbb" };
    const board = start(`#/${ID}`, (path) =>
      ok(path.endsWith("retry") ? retry : { ...open, state: "failed" }),
    );
    await settle();
    await board.board.act("retry");
    expect(board.navigated).toEqual(['{"view":"request","requestId":"bbbbbbbbbbbbbbbbbbbb"}']);
  });

  it("shows why an action is refused, and keeps a key that can only read", async () => {
    const key = makeKey("reader");
    const board = start(
      `#/${ID}`,
      (path) => (path.endsWith("cancel") ? { kind: "unauthorized" } : ok(open)),
      key,
    );
    await settle();
    await board.board.act("cancel");
    expect(board.state.request.outcome).toMatchObject({ kind: "refused", status: 401 });
    expect(board.state.keyNeeded).toBeNull();
    expect(key.get()).toBe("reader");
  });
});

describe("the status queue", () => {
  const head = { approximateMessageCount: 1, messages: [{ subject: "web.json" }] };

  it("is read when its view is open, as often as the app says, else every ten seconds", async () => {
    const page = start("#/queue", () => ok(head, { retryAfter: null, etag: null }));
    await settle();
    expect(page.sent).toEqual(["queue"]);
    expect(page.state.queue.head?.messages[0]?.source).toBe("web.json");
    expect(page.timers.pauses()).toEqual([10_000]);
    page.board.show(parseRoute("#/plan"));
    await settle();
    await page.timers.fire();
    expect(page.sent).toEqual(["queue"]);
    expect(page.state.queue.head).toBeNull();
  });

  it("is not shown any more when its answer comes after another view was opened", async () => {
    const late = Promise.withResolvers<ReturnType<typeof ok>>();
    const page = start("#/queue", () => late.promise);
    await settle();
    page.board.show(parseRoute("#/plan"));
    late.resolve(ok(head));
    await settle();
    expect(page.state.queue.head).toBeNull();
  });

  it("is requested with the ETag of what is shown", async () => {
    const etags: (string | null)[] = [];
    const page = start("#/queue", (_, etag) => {
      etags.push(etag);
      return etag === null ? ok(head) : { kind: "unchanged", retryAfter: 7 };
    });
    await settle();
    await page.timers.fire();
    expect(etags).toEqual([null, '"1"']);
    expect(page.timers.pauses()).toEqual([7_000]);
    expect(page.state.queue.head?.messages).toHaveLength(1);
  });

  it("says why the app refuses it", async () => {
    const refused = { kind: "refused", status: 403, detail: "No.", body: null } as const;
    const page = start("#/queue", () => refused);
    await settle();
    expect(page.state.queue).toEqual({ head: null, problem: "No." });
  });
});

describe("the health of the app", () => {
  it("is asked about once a minute, however often the list is", async () => {
    let asked = 0;
    const timers = makeTimers();
    let now = 0;
    const board = createBoard(
      {
        ...timers.tools,
        api: {
          get: async (path) => {
            if (path === "health") asked += 1;
            return path === "health" ? HEALTHY : ok(page([]));
          },
          post: async () => ok({}),
        },
        key: makeKey(),
        clock: () => now,
        navigate: () => {},
        onChange: () => {},
      },
      parseRoute("#/"),
    );
    board.show(parseRoute("#/"));
    await settle();
    await timers.fire();
    expect(asked).toBe(1);
    now += 60_000;
    await timers.fire();
    expect(asked).toBe(2);
  });
});
