export { boxExpectation, logBoxExpectation } from "./boxExpectation.ts";
export { hypervolumeOf } from "./hypervolumeOf.ts";
export { paretoRanks } from "./paretoRanks.ts";
export { upperBoundBoxes } from "./upperBoundBoxes.ts";
