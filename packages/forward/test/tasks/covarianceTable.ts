import type { FeatureMatrix } from "@materiome/core";
import type { Covariance } from "../../src/gaussianProcess/covariance.ts";
import { bindRows, evaluateRow, setHyperparameters, setPointToRow } from "../../src/gaussianProcess/covarianceRows.ts";
import { compileCovariance } from "../../src/gaussianProcess/program.ts";
import { UNSCALED } from "../gaussianProcess/processes.ts";

/** Covariances of rows with each other at the start values. */
export function covarianceTable(covariance: Covariance, x: FeatureMatrix): number[] {
  const scaling = UNSCALED(x.columns);
  const { root, parameters } = compileCovariance({ variance: 1, ...covariance } as Covariance, x, scaling);
  const rows = bindRows(root, x, scaling);
  setHyperparameters(
    rows,
    Float64Array.from(parameters, ({ start }) => start),
  );
  return Array.from({ length: x.rows }, (_, i) => {
    setPointToRow(rows, i);
    evaluateRow(rows, x.rows, -1);
    return Array.from(rows.values);
  }).flat();
}
