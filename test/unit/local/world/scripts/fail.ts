// A child for tests: writes two lines and fails.
process.stdout.write("secret 42\n");
process.stderr.write("the disk is on fire\n");
process.exitCode = 7;
