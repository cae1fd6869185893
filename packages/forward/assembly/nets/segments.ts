import { at } from "./layout";

/** Adds row i of x [rows, width] to row segments[i] of out; rows whose segment is below 0 or not below `count` are left out. */
export function segmentSum(rows: i32, width: i32, count: i32, x: usize, segments: usize, out: usize): void {
  for (let i = 0; i < rows; i++) {
    const segment = load<i32>(at(segments, i));
    if (segment < 0 || segment >= count) continue;
    const s = at(x, i * width);
    const t = at(out, segment * width);
    let c = 0;
    for (; c + 4 <= width; c += 4) v128.store(at(t, c), f32x4.add(v128.load(at(t, c)), v128.load(at(s, c))));
    for (; c < width; c++) store<f32>(at(t, c), load<f32>(at(t, c)) + load<f32>(at(s, c)));
  }
}
