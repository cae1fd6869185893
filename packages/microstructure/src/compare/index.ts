export { type BoundaryScore, boundaryF1 } from "./boundaryF1.ts";
