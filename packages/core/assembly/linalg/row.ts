/** row += factor · other, over `count` numbers. */
export function addRow(count: i32, factor: f64, other: usize, row: usize): void {
  const f = f64x2.splat(factor);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    v128.store(row, f64x2.add(v128.load(row), f64x2.mul(f, v128.load(other))));
    v128.store(row, f64x2.add(v128.load(row, 16), f64x2.mul(f, v128.load(other, 16))), 16);
    row += 32;
    other += 32;
  }
  for (; j < count; j++) {
    store<f64>(row, load<f64>(row) + factor * load<f64>(other));
    row += 8;
    other += 8;
  }
}

export function divideRow(count: i32, divisor: f64, row: usize): void {
  for (let j = 0; j < count; j++) {
    store<f64>(row, load<f64>(row) / divisor);
    row += 8;
  }
}

export function swapRows(count: i32, a: usize, b: usize): void {
  for (let j = 0; j < count; j++) {
    const value = load<f64>(a);
    store<f64>(a, load<f64>(b));
    store<f64>(b, value);
    a += 8;
    b += 8;
  }
}
