import { testCompletionMatrix } from "./matrix.ts";

/** One draw of every cell; test/full has more. */
testCompletionMatrix(1);
