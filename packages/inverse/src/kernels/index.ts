export { boxExpectation, logBoxExpectation } from "./boxExpectation.ts";
export { hypervolumeOf } from "./hypervolumeOf.ts";
export { informationUpdate } from "./informationUpdate.ts";
export { paretoRanks } from "./paretoRanks.ts";
export { upperBoundBoxes } from "./upperBoundBoxes.ts";
