export { chooseIndices, createWeightedChoice, type WeightedChoice } from "../random/choose.ts";
export {
  sampleBeta,
  sampleChiSquare,
  sampleDirichlet,
  sampleExponential,
  sampleGamma,
  sampleStudent,
} from "../random/continuous.ts";
export { sampleBinomial, samplePoisson } from "../random/discrete.ts";
export { sampleMultivariateNormal } from "../random/multivariateNormal.ts";
export { chiSquareCdf, chiSquareQuantile } from "../statistics/chiSquare.ts";
export { fisherCdf, fisherQuantile } from "../statistics/fisher.ts";
export { normalCdf, normalPdf, normalQuantile } from "../statistics/normal.ts";
export { quantileSorted } from "../statistics/quantile.ts";
export { studentCdf, studentQuantile } from "../statistics/student.ts";
export { wilsonInterval } from "../statistics/wilson.ts";
export {
  FEATURE_KIND,
  type HistogramTrees,
  MOST_SAMPLES,
  SPLIT,
  type TiledCodes,
  tileCodes,
  useHistogramTrees,
  type ValueBounds,
} from "./boosting/histogramTrees.ts";
export { type KMeans, type KMeansOptions, kMeans } from "./cluster/kMeans.ts";
export { type DistanceMatrixOptions, distanceMatrix } from "./distances/distanceMatrix.ts";
export { type GowerDistancesOptions, gowerDistances } from "./distances/gowerDistances.ts";
export {
  type CreateNeighbourSearchOptions,
  createNeighbourSearch,
  type NeighbourSearch,
  type Neighbours,
} from "./distances/neighbours.ts";
export { pairDistances } from "./distances/pairDistances.ts";
export { autocorrelate2d, type Correlate2dOptions, crossCorrelate2d } from "./fft/correlate2d.ts";
export { fft, inverseFft } from "./fft/fft.ts";
export { fftFrequencies, fftShift, inverseFftShift } from "./fft/fftShift.ts";
export { inverseRealFft, realFft } from "./fft/realFft.ts";
export { type CodedForest, type CodedTrees, type ForestWalk, walkForest } from "./forest/walkForest.ts";
export { type LeafValueWalk, type ValuedTrees, walkLeafValues } from "./forest/walkLeafValues.ts";
export { type LineTaps, lineRidge } from "./image/lineRidge.ts";
export { type CholeskyFactor, type CholeskyOptions, cholesky } from "./linalg/cholesky.ts";
export {
  choleskyInverse,
  choleskyLogDeterminant,
  choleskySolve,
  solvePositiveDefinite,
} from "./linalg/choleskySolve.ts";
export { choleskyDowndate, choleskyUpdate } from "./linalg/choleskyUpdate.ts";
export { type GramMatrixOptions, gramMatrix } from "./linalg/gramMatrix.ts";
export { type LuFactors, lu, luSolve, solveLinear } from "./linalg/lu.ts";
export { type MultiplyMatricesOptions, multiplyMatrices } from "./linalg/multiplyMatrices.ts";
export { type SolveTriangularOptions, solveTriangular } from "./linalg/solveTriangular.ts";
export { type BrentOptions, findRoot, minimiseScalar, type ScalarMinimum } from "./optimise/brent.ts";
export { checkGradient, type GradientCheck } from "./optimise/checkGradient.ts";
export {
  type MinimiseBoundedOptions,
  type Minimum,
  minimiseBounded,
  type Objective,
} from "./optimise/minimiseBounded.ts";
export { centredDiscrepancy } from "./sampling/discrepancy.ts";
export { type LatinHypercubeOptions, latinHypercube } from "./sampling/latinHypercube.ts";
export { SOBOL_MAX_DIMENSIONS, type SobolOptions, sobol } from "./sampling/sobol.ts";
export { besselK } from "./special/besselK.ts";
export { erf, erfc, erfcx } from "./special/erf.ts";
export { erfcInverse, erfInverse } from "./special/erfInverse.ts";
export { expIntegralE1, expIntegralEi } from "./special/exponentialIntegral.ts";
export { digamma, logGamma, trigamma } from "./special/gamma.ts";
export { regularisedBeta, regularisedBetaInverse } from "./special/incompleteBeta.ts";
export { gammaP, gammaPInverse, gammaQ, gammaQInverse } from "./special/incompleteGamma.ts";
export { logNormalCdf } from "./special/logNormalCdf.ts";
export { log1mExp, logSumExp } from "./special/logSum.ts";
export {
  type RankedColumns,
  type RegressionTreeOptions,
  type RegressionTrees,
  useRegressionTrees,
} from "./trees/regressionTrees.ts";
