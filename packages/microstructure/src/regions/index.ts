export { absorbBoundaries } from "./absorbBoundaries.ts";
export { boundaryMask } from "./boundaryMask.ts";
export { type Region, regionTable } from "./regionTable.ts";
