export { sumOfSquares } from "./sumOfSquares.ts";
