/**
 * Moves the samples whose code has a 0 in `sides` (a byte a code) before the others within `rows[start]` … `rows[end − 1]`,
 * keeping their order. The code of sample r is at `codes + r * stride`; `spare` has room for the samples.
 *
 * @returns where the others start
 */
export function partition(
  codes: usize,
  stride: i32,
  sides: usize,
  rows: usize,
  start: i32,
  end: i32,
  spare: usize,
): i32 {
  let left = rows + ((start as usize) << 2);
  let right = spare;
  const last = rows + ((end as usize) << 2);
  for (let at = left; at < last; at += 4) {
    const row = load<u32>(at);
    const goesRight = load<u8>(sides + (load<u8>(codes + (row as usize) * (stride as usize)) as usize)) as usize;
    store<u32>(left, row);
    store<u32>(right, row);
    left += (1 - goesRight) << 2;
    right += goesRight << 2;
  }
  const middle = ((left - rows) >>> 2) as i32;
  for (let at = spare; at < right; at += 4) {
    store<u32>(left, load<u32>(at));
    left += 4;
  }
  return middle;
}
