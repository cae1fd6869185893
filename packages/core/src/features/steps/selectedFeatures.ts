import { DataError } from "../../errors/errors.ts";
import { decodeArray, encodeArray } from "../../json/typedArrays.ts";
import type { Feature } from "../../matrix/matrix.ts";
import { type FittedStep, fittedStep, readStoredStep } from "./featureStep.ts";

export const SELECT_TYPE = "core/select-features";

/** What every step that keeps some of the features and drops the rest ends in. */
export function selectedFeatures(
  inputs: readonly Feature[],
  kept: Int32Array,
  step: string,
  report: readonly string[],
): FittedStep {
  if (kept.length === 0) {
    throw new DataError(`${step}: no feature would be left of ${inputs.length}; ${report.slice(0, 3).join("; ")}`);
  }
  const n = inputs.length;
  return fittedStep({
    type: SELECT_TYPE,
    inputs,
    outputs: Array.from(kept, (k) => inputs[k] as Feature), // indices of inputs
    report,
    params: { step },
    state: { kept: encodeArray(kept) },
    apply(x, out) {
      let at = 0;
      for (let i = 0; i < x.rows; i++) {
        for (const k of kept) out[at++] = x.data[i * n + k] as number; // k < n
      }
    },
    differentiate(_inputs, out) {
      for (const [j, k] of kept.entries()) out[j * n + k] = 1;
    },
  });
}

export function readSelected(data: unknown): FittedStep {
  const { inputs, report, params, state, read } = readStoredStep(data, SELECT_TYPE);
  const kept = decodeArray(state["kept"], "i32");
  if (kept.some((k) => !(k >= 0 && k < inputs.length))) read.record(undefined, "state.kept");
  return selectedFeatures(inputs, kept, read.text(params["step"], "params.step"), report);
}
