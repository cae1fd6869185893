// A node is eight bytes: `feature << 8 | code`, the largest code that goes left, then its left child; the right child
// follows the left one. A leaf is its own left child, with code 255, so that a sample that has arrived stays.

function child(nodes: usize, node: u32, codes: usize): u32 {
  const word = load<u64>(nodes + ((node as usize) << 3));
  const feature = (word as u32) >>> 8;
  const goesRight = (load<u8>(codes + (feature as usize)) as u32) > ((word as u32) & 255);
  return ((word >>> 32) as u32) + (goesRight as u32);
}

/** Leaves that the four samples from `at` on reach below `root`: side by side, so that one waits for memory while another goes on. */
function descend(nodes: usize, root: u32, at: usize, step: usize): v128 {
  const at1 = at + step;
  const at2 = at1 + step;
  const at3 = at2 + step;
  let a = root;
  let b = root;
  let c = root;
  let d = root;
  let moved: u32 = 1;
  while (moved !== 0) {
    a = child(nodes, a, at);
    b = child(nodes, b, at1);
    c = child(nodes, c, at2);
    d = child(nodes, d, at3);
    const nextA = child(nodes, a, at);
    const nextB = child(nodes, b, at1);
    const nextC = child(nodes, c, at2);
    const nextD = child(nodes, d, at3);
    moved = (nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d);
    a = nextA;
    b = nextB;
    c = nextC;
    d = nextD;
  }
  const ab = i32x4.replace_lane(i32x4.splat(a as i32), 1, b as i32);
  return i32x4.replace_lane(i32x4.replace_lane(ab, 2, c as i32), 3, d as i32);
}

function leaf(leafOf: usize, node: i32): u32 {
  return load<u32>(leafOf + ((node as usize) << 2));
}

function add(leaf: u32, nClasses: i32, shares: usize, sums: usize): void {
  let from = shares + (((leaf * nClasses) as usize) << 1);
  let to = sums;
  for (let c = 0; c < nClasses; c++) {
    store<i32>(to, load<i32>(to) + (load<u16>(from) as i32));
    from += 2;
    to += 4;
  }
}

/**
 * Adds to `sums` ([n, nClasses], i32) the class shares (u16) of the leaf that each of n samples reaches in each tree. Sample i
 * has its codes at `codes + i * stride`. `n` is rounded up to a multiple of four, and the arrays have room for that.
 */
export function walk(
  n: i32,
  stride: i32,
  codes: usize,
  nTrees: i32,
  treeStart: usize,
  nodes: usize,
  leafOf: usize,
  nClasses: i32,
  shares: usize,
  sums: usize,
): void {
  const step = stride as usize;
  const sumStep = (nClasses as usize) << 2;
  for (let t = 0; t < nTrees; t++) {
    const root = load<u32>(treeStart + ((t as usize) << 2));
    let at = codes;
    let to = sums;
    for (let i = 0; i < n; i += 4) {
      const ends = descend(nodes, root, at, step);
      add(leaf(leafOf, i32x4.extract_lane(ends, 0)), nClasses, shares, to);
      add(leaf(leafOf, i32x4.extract_lane(ends, 1)), nClasses, shares, to + sumStep);
      add(leaf(leafOf, i32x4.extract_lane(ends, 2)), nClasses, shares, to + 2 * sumStep);
      add(leaf(leafOf, i32x4.extract_lane(ends, 3)), nClasses, shares, to + 3 * sumStep);
      at += 4 * step;
      to += 4 * sumStep;
    }
  }
}

function addValue(leaf: u32, values: usize, to: usize): void {
  store<f64>(to, load<f64>(to) + load<f64>(values + ((leaf as usize) << 3)));
}

/**
 * Adds to `sums` ([nOutputs, room], f64) the value (f64) of the leaf that each of n samples reaches in each tree; tree t counts
 * for output t mod nOutputs. Samples as in `walk`.
 */
export function walkValues(
  n: i32,
  stride: i32,
  codes: usize,
  nTrees: i32,
  treeStart: usize,
  nodes: usize,
  leafOf: usize,
  nOutputs: i32,
  values: usize,
  room: i32,
  sums: usize,
): void {
  const step = stride as usize;
  for (let t = 0; t < nTrees; t++) {
    const root = load<u32>(treeStart + ((t as usize) << 2));
    let at = codes;
    let to = sums + ((((t % nOutputs) as usize) * (room as usize)) << 3);
    for (let i = 0; i < n; i += 4) {
      const ends = descend(nodes, root, at, step);
      addValue(leaf(leafOf, i32x4.extract_lane(ends, 0)), values, to);
      addValue(leaf(leafOf, i32x4.extract_lane(ends, 1)), values, to + 8);
      addValue(leaf(leafOf, i32x4.extract_lane(ends, 2)), values, to + 16);
      addValue(leaf(leafOf, i32x4.extract_lane(ends, 3)), values, to + 24);
      at += 4 * step;
      to += 32;
    }
  }
}
