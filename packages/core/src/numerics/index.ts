export { normalCdf, normalPdf, normalQuantile } from "../statistics/normal.ts";
export { quantileSorted } from "../statistics/quantile.ts";
export { regularisedBeta, studentCdf, studentQuantile } from "../statistics/student.ts";
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
