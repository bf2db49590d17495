import { testCompletionMatrix } from "../unit/completion-matrix/matrix.ts";

testCompletionMatrix(3);
