/** What is left of the target after its projection on some columns. */
export function residual(target: Float64Array, columns: readonly Float64Array[]): Float64Array {
  const rest = target.slice();
  const directions: Float64Array[] = [];
  for (const column of columns) {
    const direction = column.slice();
    for (const other of directions) subtract(direction, other, dot(direction, other));
    const size = Math.sqrt(squares(direction));
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] as number) / size;
    directions.push(direction);
    subtract(rest, direction, dot(rest, direction));
  }
  return rest;
}

function subtract(from: Float64Array, direction: Float64Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - times * (direction[i] as number); // as long
}

/** Sum of products. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number); // as long
  return sum;
}

/** Sum of squares. */
export const squares = (values: Float64Array): number => dot(values, values);
