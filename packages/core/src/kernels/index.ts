export { sumOfSquares } from "./sumOfSquares.ts";
export { symmetricEigen } from "./symmetricEigen.ts";
