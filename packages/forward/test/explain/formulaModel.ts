import { createMatrix, type FeatureMatrix, type RegressionModel } from "@materiome/core";

/** A model that is a formula of a row of features, without closed forms for its explanations. */
export function formulaModel(value: (row: Float64Array) => number): RegressionModel {
  return {
    module: "",
    toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
    predict: async (x: FeatureMatrix) => {
      const row = (i: number): Float64Array => x.data.subarray(i * x.columns, (i + 1) * x.columns);
      const data = Float64Array.from({ length: x.rows }, (_, i) => value(row(i)));
      return { kind: "regression", mean: createMatrix(x.rows, 1, data) };
    },
  };
}
