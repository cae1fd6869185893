export { adamStep } from "./adamStep.ts";
export { classGradients, classProbabilities } from "./classGradients.ts";
export { codeColumn } from "./codeColumn.ts";
export { codePlane } from "./codePlane.ts";
export { coupleProbabilities } from "./coupleProbabilities.ts";
export {
  dotRow,
  MATERN_12,
  MATERN_32,
  MATERN_52,
  RATIONAL_QUADRATIC,
  RBF,
  shapeSlope,
  squaredDistanceRow,
  stationaryRow,
  weightedDifferences,
  weightedPhases,
  weightedSquares,
  weightedSums,
} from "./covarianceRow.ts";
export { coverTrees, routeRows } from "./coverTrees.ts";
export {
  activateRows,
  addBias,
  columnSums,
  gatherRows,
  multiplyInto,
  RELU,
  SILU,
  scaleRows,
  splitScaledGradient,
  squashColumns,
} from "./denseLayer.ts";
export { drawRows } from "./drawRows.ts";
export { bestSubset, columnScores, productScores } from "./expressionScores.ts";
export { gradientSums } from "./gradientSums.ts";
export { greedyRow } from "./greedyRow.ts";
export { growClassTree } from "./growClassTree.ts";
export { huberObjective } from "./huberObjective.ts";
export { invertPositive } from "./invertPositive.ts";
export { jackknifeVariance } from "./jackknifeVariance.ts";
export {
  gammaGradients,
  huberGradients,
  pinballGradients,
  poissonGradients,
  squaredGradients,
} from "./lossGradients.ts";
export {
  absoluteNetLoss,
  laplaceNetLoss,
  likelihoodNetLoss,
  softmaxNetLoss,
  squaredNetLoss,
  varianceOf,
} from "./netLosses.ts";
export { solvePackedLower, solvePackedUpper } from "./packedTriangle.ts";
export { pairShap } from "./pairShap.ts";
export { addPairProducts, addPairRow, weightedPairRow } from "./pairSums.ts";
export { linkEdges, pathShap, tabulateEdges } from "./pathShap.ts";
export { predictSetTrees } from "./predictSetTrees.ts";
export { predictTrees } from "./predictTrees.ts";
export { nextIndex } from "./randomState.ts";
export {
  addInto,
  addRowsOf,
  attendSets,
  attendSetsBack,
  normaliseRows,
  normaliseRowsBack,
  poolSets,
  poolSetsBack,
  SET_VARIANCE_FLOOR,
  scatterRows,
} from "./setAttention.ts";
export { softmaxLogits, softmaxObjective } from "./softmaxObjective.ts";
export { solveSupportVectors } from "./solveSupportVectors.ts";
export { sortOrder } from "./sortOrder.ts";
export { takeColumns } from "./takeColumns.ts";
export {
  COARSE_MISSING,
  FINE_MISSING,
  type GrownNodes,
  SPLIT_SIZE,
  type TreeWorkspace,
} from "./treeData.ts";
