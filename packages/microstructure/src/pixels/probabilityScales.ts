import { scaleDerivatives, scaleSpace, scaleSpaceHalo } from "../kernels/index.ts";
import type { FeatureGroup } from "./featureGroup.ts";

/** Per map and scale: Gaussian mean and both eigenvalues of the Hessian. */
export function probabilityScales(labels: readonly string[], scalesPx: readonly number[]): FeatureGroup {
  const names = labels.flatMap((label) => [
    label,
    ...scalesPx.flatMap((s) => [`${label} mean ${s}`, `${label} Hessian larger ${s}`, `${label} Hessian smaller ${s}`]),
  ]);
  return {
    haloPx: scaleSpaceHalo(scalesPx) + 1,
    names,
    compute({ width, height, planes }, emit) {
      const size = width * height;
      const [a, b, c] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)];
      const smooth = scalesPx.map(() => new Float32Array(size));
      for (const plane of planes) {
        emit(plane);
        scaleSpace(width, height, plane, scalesPx, a, smooth);
        for (const [k, s] of scalesPx.entries()) {
          const mean = smooth[k]!; // one per scale
          emit(mean);
          scaleDerivatives(width, height, mean, a, b, c);
          for (let i = 0; i < size; i++) {
            b[i]! *= s * s; // i < size
            c[i]! *= s * s;
          }
          emit(b);
          emit(c);
        }
      }
    },
  };
}
