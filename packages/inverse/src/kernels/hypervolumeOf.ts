/**
 * Volume that n rows of m numbers (all to be small) dominate below the reference. m = 1, 2, 3 by sweeping; more by the exclusive
 * volumes of the WFG algorithm (While, Bradstreet & Barone, IEEE Trans. Evol. Comput. 16, 86 (2012)), whose limit sets share their
 * last coordinate and so are one dimension lower. Rows may dominate each other or lie beyond the reference.
 */
export function hypervolumeOf(n: number, m: number, values: Float64Array, reference: Float64Array): number {
  const rows: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    const row = values.subarray(i * m, (i + 1) * m);
    if (isBelow(m, row, reference)) rows.push(row);
  }
  return volume(m, rows, reference);
}

function volume(m: number, rows: Float64Array[], reference: Float64Array): number {
  if (rows.length === 0) return 0;
  if (m === 1) {
    let least = rows[0][0];
    for (const row of rows) least = Math.min(least, row[0]);
    return reference[0] - least;
  }
  if (m === 2) return area(rows, reference);
  if (m === 3) return sweep(rows, reference);
  return exclusive(m, rows, reference);
}

function area(rows: Float64Array[], reference: Float64Array): number {
  const sorted = rows.slice().sort((a, b) => a[0] - b[0]);
  let total = 0;
  let height = reference[1];
  for (const row of sorted) {
    if (row[1] >= height) continue;
    total += (reference[0] - row[0]) * (height - row[1]);
    height = row[1];
  }
  return total;
}

/** Rows enter by their third number into a staircase in the first two, whose area is kept. */
function sweep(rows: Float64Array[], reference: Float64Array): number {
  const sorted = rows.slice().sort((a, b) => a[2] - b[2]);
  const stairs: Float64Array[] = []; // x rising, y falling
  let covered = 0;
  let total = 0;
  for (let i = 0; i < sorted.length; i++) {
    const row = sorted[i];
    if (i > 0) total += covered * (row[2] - sorted[i - 1][2]);
    let at = 0;
    while (at < stairs.length && stairs[at][0] < row[0]) at++;
    if (at > 0 && stairs[at - 1][1] <= row[1]) continue;
    if (at < stairs.length && stairs[at][0] === row[0] && stairs[at][1] <= row[1]) continue;
    let end = at;
    let x = row[0];
    let ceiling = at > 0 ? stairs[at - 1][1] : reference[1];
    while (end < stairs.length && stairs[end][1] >= row[1]) {
      covered += (stairs[end][0] - x) * (ceiling - row[1]);
      x = stairs[end][0];
      ceiling = stairs[end][1];
      end++;
    }
    covered += ((end < stairs.length ? stairs[end][0] : reference[0]) - x) * (ceiling - row[1]);
    stairs.splice(at, end - at, row);
  }
  return total + covered * (reference[2] - sorted[sorted.length - 1][2]);
}

function exclusive(m: number, rows: Float64Array[], reference: Float64Array): number {
  const last = m - 1;
  const sorted = rows.slice().sort((a, b) => b[last] - a[last]);
  const lower = reference.subarray(0, last);
  let total = 0;
  for (let i = 0; i < sorted.length; i++) {
    const row = sorted[i];
    let inclusive = 1;
    for (let j = 0; j < last; j++) inclusive *= reference[j] - row[j];
    const limits: Float64Array[] = [];
    for (let k = i + 1; k < sorted.length; k++) {
      const limit = new Float64Array(last);
      for (let j = 0; j < last; j++) limit[j] = Math.max(row[j], sorted[k][j]);
      limits.push(limit);
    }
    total += (reference[last] - row[last]) * (inclusive - volume(last, nonDominated(last, limits), lower));
  }
  return total;
}

function nonDominated(m: number, rows: Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const row of rows) {
    let isDominated = false;
    for (let k = 0; k < kept.length && !isDominated; k++) isDominated = isAtMost(m, kept[k], row);
    if (isDominated) continue;
    let size = 0;
    for (const other of kept) if (!isAtMost(m, row, other)) kept[size++] = other;
    kept.length = size;
    kept.push(row);
  }
  return kept;
}

function isAtMost(m: number, a: Float64Array, b: Float64Array): boolean {
  for (let j = 0; j < m; j++) if (a[j] > b[j]) return false;
  return true;
}

function isBelow(m: number, a: Float64Array, reference: Float64Array): boolean {
  for (let j = 0; j < m; j++) if (!(a[j] < reference[j])) return false;
  return true;
}
