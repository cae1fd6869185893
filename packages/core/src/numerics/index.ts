export { normalCdf, normalPdf, normalQuantile } from "../statistics/normal.ts";
export { quantileSorted } from "../statistics/quantile.ts";
export { regularisedBeta, studentCdf, studentQuantile } from "../statistics/student.ts";
