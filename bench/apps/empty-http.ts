import { app } from "@azure/functions";

/** The least that an app of the Functions library can be: what every such app costs at start. */
app.http("empty", { methods: ["GET"], handler: async () => ({ status: 204 }) });
