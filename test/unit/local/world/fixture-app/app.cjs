// The smallest app that shows what a test of the local world has to see.
const { app } = require("@azure/functions");

app.http("settings", {
  authLevel: "function",
  handler: () => ({ jsonBody: { pid: process.pid, settings: { ...process.env } } }),
});

app.http("crash", {
  authLevel: "anonymous",
  handler: () => {
    console.error("about to crash");
    setImmediate(() => process.exit(3));
    return { status: 202 };
  },
});
