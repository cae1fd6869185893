/** Sum of the gradients' magnitudes, and that of the hessians. */
export function gradientSums(n: number, gradients: Float64Array, hessians: Float64Array, sums: Float64Array): void {
  let sumGradients = 0;
  let sumHessians = 0;
  for (let i = 0; i < n; i++) {
    sumGradients += Math.abs(gradients[i]);
    sumHessians += hessians[i];
  }
  sums[0] = sumGradients;
  sums[1] = sumHessians;
}
