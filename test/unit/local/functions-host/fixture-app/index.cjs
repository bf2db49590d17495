const { app, output } = require("@azure/functions");
const { ResourceFactoryResolver } = require("@azure/functions-extensions-base");

// What happened, for the tests to read through the `seen` function.
const seen = { jobs: [], blobs: [], events: [], bytes: [], ticks: [], sent: [], hooks: [] };
const ended = { jobs: 0 };

ResourceFactoryResolver.getInstance().registerResourceFactory("AzureStorageBlobs", (data) =>
  JSON.parse(data.content.toString()),
);

app.hook.appStart(() => {
  seen.hooks.push("appStart");
});
app.hook.appTerminate(() => {
  if (process.env.SAY_GOODBYE) console.log(process.env.SAY_GOODBYE);
});
app.hook.preInvocation((context) => {
  if (context.invocationContext.functionName === "hooked") context.inputs.push("from the hook");
});
app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName === "rescued") {
    context.error = undefined;
    context.result = { status: 202 };
  }
});

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

app.http("seen", {
  authLevel: "anonymous",
  methods: ["GET"],
  handler: () => ({ jsonBody: { ...seen, ended } }),
});
app.http("echo", {
  authLevel: "function",
  methods: ["GET", "POST", "PUT"],
  route: "echo/{first:alpha}/{second?}",
  handler: async (request, context) => {
    context.log("echoing");
    return {
      status: 201,
      headers: { "x-echo": request.headers.get("x-mark") ?? "none" },
      cookies: [{ name: "a", value: "b c", httpOnly: true, sameSite: "Lax", maxAge: 60 }],
      jsonBody: {
        method: request.method,
        url: request.url,
        params: request.params,
        query: [...request.query],
        body: await request.text(),
      },
    };
  },
});
app.http("literal", {
  authLevel: "anonymous",
  route: "echo/literal",
  handler: () => ({ body: "literal" }),
});
app.http("only-admin", { authLevel: "admin", handler: () => ({ body: "for the master" }) });
app.http("nothing", { authLevel: "anonymous", handler: () => undefined });
app.http("broken", {
  authLevel: "anonymous",
  handler: () => {
    throw new Error("broken on purpose");
  },
});
app.http("rescued", {
  authLevel: "anonymous",
  handler: () => {
    throw new Error("rescued by a hook");
  },
});
app.http("hooked", {
  authLevel: "anonymous",
  handler: (_request, added) => ({ body: String(added) }),
});
app.http("slow", {
  authLevel: "anonymous",
  handler: async () => {
    await sleep(300);
    return { body: "slow" };
  },
});
/** Runs that wait for each other: none goes on before `count` of them are here. */
const meetings = new Map();
async function meet(name, count) {
  const meeting = meetings.get(name) ?? { here: 0, ...Promise.withResolvers() };
  meetings.set(name, meeting);
  meeting.here += 1;
  if (meeting.here === count) meeting.resolve();
  await meeting.promise;
}
app.http("meet", {
  authLevel: "anonymous",
  handler: async () => {
    await meet("http", 8);
    return { body: "met" };
  },
});
app.http("hang", {
  authLevel: "anonymous",
  handler: () => sleep(60_000),
});
app.http("send", {
  authLevel: "anonymous",
  methods: ["POST"],
  extraOutputs: [output.storageQueue({ name: "jobs", queueName: "%JOBS%", connection: "Data" })],
  handler: async (request, context) => {
    context.extraOutputs.set("jobs", await request.json());
    return { status: 202 };
  },
});
app.storageQueue("jobs", {
  queueName: "%JOBS%",
  connection: "Data",
  handler: async (job, context) => {
    seen.jobs.push({ job, metadata: context.triggerMetadata });
    if (job.sleep) await sleep(job.sleep);
    if (job.meet) await meet("jobs", job.meet);
    const attempt = Number(context.triggerMetadata.dequeueCount);
    if (attempt <= (job.failures ?? 0)) throw new Error(`attempt ${attempt} fails`);
    ended.jobs += 1;
  },
});
app.storageBlob("scanned", {
  path: "scanned/{name}.txt",
  connection: "Data",
  sdkBinding: true,
  handler: (blob, context) => {
    seen.blobs.push({ blob, metadata: context.triggerMetadata });
    if (context.triggerMetadata.metadata.fail) throw new Error("asked to fail");
  },
});
app.storageBlob("evented", {
  path: "evented/{name}",
  connection: "Data",
  source: "EventGrid",
  sdkBinding: true,
  handler: (blob) => {
    seen.events.push(blob);
  },
});
app.storageBlob("bytes", {
  path: "bytes/{name}",
  connection: "Data",
  handler: (content, context) => {
    seen.bytes.push({ text: content.toString(), name: context.triggerMetadata.name });
  },
});
app.timer("tick", {
  schedule: "%TICK%",
  handler: (timer) => {
    seen.ticks.push(timer);
  },
});
