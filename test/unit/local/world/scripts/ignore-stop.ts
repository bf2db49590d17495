// A child for tests: does not react to SIGTERM.
process.on("SIGTERM", () => {});
process.stdout.write("ready\n");
setInterval(() => {}, 1_000);
