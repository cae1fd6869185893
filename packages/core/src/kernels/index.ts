export { elementStatistics } from "./elementStatistics.ts";
export { kraskovInformation } from "./kraskovInformation.ts";
export { nearestDonors } from "./nearestDonors.ts";
export { pairCorrelation } from "./pairCorrelation.ts";
export { sumOfSquares } from "./sumOfSquares.ts";
export { symmetricEigen } from "./symmetricEigen.ts";
