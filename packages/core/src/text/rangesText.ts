/** "row 3", "rows 3, 5–9". */
export function rangesText(rows: readonly number[]): string {
  const parts: string[] = [];
  let start = 0;
  for (let i = 1; i <= rows.length; i++) {
    if (i < rows.length && rows[i] === (rows[i - 1] as number) + 1) continue; // i ≥ 1
    const [first, last] = [rows[start], rows[i - 1]];
    parts.push(i - start === 1 ? `${first}` : `${first}${i - start === 2 ? ", " : "–"}${last}`);
    start = i;
  }
  return `${rows.length === 1 ? "row" : "rows"} ${parts.join(", ")}`;
}
