import {
  addGradientProducts,
  blurTensor,
  scaleDerivatives,
  scaleSpace,
  scaleSpaceHalo,
  tensorRoots,
} from "../kernels/index.ts";
import type { FeatureGroup } from "./featureGroup.ts";
import type { FeatureWindow } from "./featureWindow.ts";

/**
 * Per channel and scale: Gaussian mean, gradient magnitude, both eigenvalues of the Hessian, difference to the largest
 * scale; of the first channel the standard deviation too; and, over all channels, the roots of the eigenvalues of the gradient tensor (Di Zenzo), as such and averaged
 * over the scale. Derivatives are multiplied by σ and σ², so that a shape answers alike at its own scale.
 *
 * @see S. Di Zenzo, Comput. Vis. Graph. Image Process. 33, 116 (1986), doi:10.1016/0734-189X(86)90223-9
 */
export function scaleFeatures(channels: readonly string[], scalesPx: readonly number[]): FeatureGroup {
  const names: string[] = channels.map((channel) => `${channel} value`);
  for (const [c, channel] of channels.entries()) {
    const kinds = ["mean", "gradient", "Hessian larger", "Hessian smaller", ...(c === 0 ? ["deviation"] : [])];
    for (const s of scalesPx) names.push(...kinds.map((kind) => `${channel} ${kind} ${s}`));
    for (const s of scalesPx.slice(0, -1)) names.push(`${channel} mean ${s} − ${scalesPx.at(-1)}`);
  }
  for (const s of scalesPx) {
    for (const kind of ["tensor", "averaged tensor"]) names.push(`${kind} larger ${s}`, `${kind} smaller ${s}`);
  }
  const largest = scalesPx.at(-1)!; // at least one scale
  const haloPx = scaleSpaceHalo(scalesPx) + 1 + Math.ceil(4 * largest);
  return { haloPx, names, compute: (window, emit) => compute(window, scalesPx, emit) };
}

function compute(window: FeatureWindow, scalesPx: readonly number[], emit: (plane: Float32Array) => void): void {
  const { width, height, planes } = window;
  const size = width * height;
  const make = (): Float32Array => new Float32Array(size);
  const [a, b, c, d] = [make(), make(), make(), make()];
  for (const plane of planes) emit(plane);
  const smooths: Float32Array[][] = [];
  const squares = scalesPx.map(make);
  for (const [channel, plane] of planes.entries()) {
    const smooth = scalesPx.map(make);
    scaleSpace(width, height, plane, scalesPx, a, smooth);
    if (channel === 0) {
      for (let i = 0; i < size; i++) d[i] = plane[i]! * plane[i]!; // i < size, here and below
      scaleSpace(width, height, d, scalesPx, a, squares);
    }
    for (const [k, s] of scalesPx.entries()) {
      const mean = smooth[k]!; // one per scale
      const square = squares[k]!;
      emit(mean);
      scaleDerivatives(width, height, mean, a, b, c);
      for (let i = 0; i < size; i++) {
        a[i]! *= s;
        b[i]! *= s * s;
        c[i]! *= s * s;
      }
      emit(a);
      emit(b);
      emit(c);
      if (channel > 0) continue;
      for (let i = 0; i < size; i++) square[i] = Math.sqrt(Math.max(0, square[i]! - mean[i]! * mean[i]!));
      emit(square);
    }
    const wide = smooth.at(-1)!; // at least one scale
    for (const mean of smooth.slice(0, -1)) {
      for (let i = 0; i < size; i++) a[i] = mean[i]! - wide[i]!;
      emit(a);
    }
    smooths.push(smooth);
  }
  for (const [k, s] of scalesPx.entries()) {
    for (const part of [a, b, c]) part.fill(0);
    for (const smooth of smooths) addGradientProducts(width, height, smooth[k]!, a, b, c); // one per scale
    const larger = make();
    tensorRoots(size, a, b, c, s, larger, d);
    emit(larger);
    emit(d);
    blurTensor(width, height, s, d, a, b, c);
    tensorRoots(size, a, b, c, s, larger, d);
    emit(larger);
    emit(d);
  }
}
