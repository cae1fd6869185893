export { elementStatistics } from "./elementStatistics.ts";
export { kraskovInformation } from "./kraskovInformation.ts";
export { nearestDonors } from "./nearestDonors.ts";
export { nearPairs } from "./nearPairs.ts";
export { pairCorrelation } from "./pairCorrelation.ts";
export { sumOfSquares } from "./sumOfSquares.ts";
export { symmetricEigen } from "./symmetricEigen.ts";
export { valueCodes } from "./valueCodes.ts";
