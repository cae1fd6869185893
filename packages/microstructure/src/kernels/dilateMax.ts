/** Largest value in the 3 × 3 neighbourhood of every pixel; `out` must not be `input`. */
export function dilateMax(width: number, height: number, input: Float32Array, out: Float32Array): void {
  const row3 = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      let m = input[row + x];
      if (x > 0 && input[row + x - 1] > m) m = input[row + x - 1];
      if (x < width - 1 && input[row + x + 1] > m) m = input[row + x + 1];
      row3[row + x] = m;
    }
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const up = y > 0 ? row - width : row;
    const down = y < height - 1 ? row + width : row;
    for (let x = 0; x < width; x++) {
      let m = row3[row + x];
      if (row3[up + x] > m) m = row3[up + x];
      if (row3[down + x] > m) m = row3[down + x];
      out[row + x] = m;
    }
  }
}
