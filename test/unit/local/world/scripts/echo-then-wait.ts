// A child for tests: says which arguments it got, then runs until it is stopped.
process.stdout.write(`ready ${process.argv.slice(2).join(" ")}\n`);
process.stderr.write("a line of log\n");
process.on("SIGTERM", () => process.exit(0));
setInterval(() => {}, 1_000);
