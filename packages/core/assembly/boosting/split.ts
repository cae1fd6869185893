import { FEATURE, HESSIAN_BITS, HESSIAN_MASK } from "./memory";

/**
 * Best split of a node from its histogram: the cut of one feature that most increases Σ G² / (H + l2) over both sides. Features
 * are looked at in the order of the list until `nTry` of them were not constant in the node; of equal splits the first stays.
 *
 * @param split - eight f64: gain over the unsplit node (0 or less: none found), feature, largest code that goes left, then
 * gradient, hessian, count of the left side, gradient and hessian of the node
 */
export function findSplit(
  nFeatures: i32,
  features: usize,
  nTry: i32,
  nBins: usize,
  histogram: usize,
  gradientUnit: f64,
  hessianUnit: f64,
  l2: f64,
  minLeaf: i32,
  minHessian: f64,
  split: usize,
): void {
  // Every feature counts every sample: the first one gives the totals.
  let total = i64x2.splat(0);
  for (let k: usize = 0; k < FEATURE; k += 16) total = i64x2.add(total, v128.load(histogram + k));
  const word = i64x2.extract_lane(total, 1);
  const count = (word >>> HESSIAN_BITS) as i32;
  const g = (i64x2.extract_lane(total, 0) as f64) * gradientUnit;
  const h = ((word & HESSIAN_MASK) as f64) * hessianUnit;
  const unsplit = (g * g) / (h + l2);
  // Words compare as the counts in their upper bits do, without a sign: from 2²³ samples on the highest bit is set.
  const firstWord = ((minLeaf as i64) << HESSIAN_BITS) as u64;
  const lastWord = (((count - minLeaf + 1) as i64) << HESSIAN_BITS) as u64;
  const wholeWord = ((count as i64) << HESSIAN_BITS) as u64;
  let best = unsplit * (1 + 1e-12); // less is rounding
  let bestFeature = -1;
  let bestCode = 0;
  let bestLeft = i64x2.splat(0);
  let nTried = 0;
  for (let k = 0; k < nFeatures && nTried < nTry; k++) {
    const feature = load<i32>(features + ((k as usize) << 2));
    const bins = load<i32>(nBins + ((feature as usize) << 2));
    let at = histogram + (feature as usize) * FEATURE;
    let left = i64x2.splat(0);
    let isConstant = true;
    for (let code = 0; code < bins; code++) {
      const pair = v128.load(at);
      at += 16;
      if (i64x2.extract_lane(pair, 1) === 0) continue;
      left = i64x2.add(left, pair);
      const leftWord = i64x2.extract_lane(left, 1);
      if ((leftWord as u64) < firstWord) {
        isConstant = false;
        continue;
      }
      if ((leftWord as u64) >= lastWord) {
        if ((leftWord as u64) < wholeWord) isConstant = false;
        break;
      }
      isConstant = false;
      const hLeft = ((leftWord & HESSIAN_MASK) as f64) * hessianUnit;
      const hRight = h - hLeft;
      if (hLeft < minHessian) continue;
      if (hRight < minHessian) break;
      const gLeft = (i64x2.extract_lane(left, 0) as f64) * gradientUnit;
      const gRight = g - gLeft;
      const a = hLeft + l2;
      const b = hRight + l2;
      // The sum of two quotients as one; divided only where it may be the best.
      const over = gLeft * gLeft * b + gRight * gRight * a;
      const under = a * b;
      if (over > best * under) {
        const score = over / under;
        best = score;
        bestFeature = feature;
        bestCode = code;
        bestLeft = left;
      }
    }
    if (!isConstant) nTried++;
  }
  const bestWord = i64x2.extract_lane(bestLeft, 1);
  store<f64>(split, bestFeature < 0 ? 0 : best - unsplit);
  store<f64>(split, bestFeature as f64, 8);
  store<f64>(split, bestCode as f64, 16);
  store<f64>(split, (i64x2.extract_lane(bestLeft, 0) as f64) * gradientUnit, 24);
  store<f64>(split, ((bestWord & HESSIAN_MASK) as f64) * hessianUnit, 32);
  store<f64>(split, (bestWord >>> HESSIAN_BITS) as f64, 40);
  store<f64>(split, g, 48);
  store<f64>(split, h, 56);
}
