/** Solves a small symmetric positive system; `rows` hold the matrix and, last, the right-hand side. Changed in place. */
export function solveNormal(rows: Float64Array[]): Float64Array {
  const n = rows.length;
  for (let a = 0; a < n; a++) rows[a]![a]! += 1e-9; // n rows of n + 1, here and below; tiny images leave terms undetermined
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      if (a === b) continue;
      const factor = rows[b]![a]! / rows[a]![a]!;
      for (let k = a; k <= n; k++) rows[b]![k]! -= factor * rows[a]![k]!;
    }
  }
  return Float64Array.from(rows, (row, a) => row[n]! / row[a]!);
}
