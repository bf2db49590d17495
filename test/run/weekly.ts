/**
 * Whether this is the run of `weekly.yml`, or one that wants as much: every disk is made again, the fuzz
 * targets run longer, and today's azure-cli talks to the simulator. What that could find comes with new
 * versions of other tools or with patience, seldom with a commit.
 */
export const isWeekly = process.env.WEEKLY !== undefined;
