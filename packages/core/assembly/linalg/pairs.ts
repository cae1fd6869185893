import { at } from "./memory";

/**
 * Squared distances of all pairs of `n` points, packed by rows of the lower triangle: (i, j ≤ i) at i (i + 1) / 2 + j. Coordinates lie in
 * `d` rows of `n`. A point is held against eight at a time; each sum goes over the coordinates in order.
 */
export function pairDistances(n: i32, d: i32, x: usize, out: usize): void {
  const rowBytes = (n as usize) << 3;
  for (let i = 0; i < n; i++) {
    const target = out + ((((i as usize) * ((i + 1) as usize)) >> 1) << 3);
    let j = 0;
    for (; j + 8 <= i + 1; j += 8) {
      let s0 = f64x2.splat(0);
      let s1 = f64x2.splat(0);
      let s2 = f64x2.splat(0);
      let s3 = f64x2.splat(0);
      let own = at(x, i);
      let other = at(x, j);
      for (let c = 0; c < d; c++) {
        const v = v128.load64_splat(own);
        let difference = f64x2.sub(v, v128.load(other));
        s0 = f64x2.add(s0, f64x2.mul(difference, difference));
        difference = f64x2.sub(v, v128.load(other, 16));
        s1 = f64x2.add(s1, f64x2.mul(difference, difference));
        difference = f64x2.sub(v, v128.load(other, 32));
        s2 = f64x2.add(s2, f64x2.mul(difference, difference));
        difference = f64x2.sub(v, v128.load(other, 48));
        s3 = f64x2.add(s3, f64x2.mul(difference, difference));
        own += rowBytes;
        other += rowBytes;
      }
      const place = at(target, j);
      v128.store(place, s0);
      v128.store(place, s1, 16);
      v128.store(place, s2, 32);
      v128.store(place, s3, 48);
    }
    for (; j <= i; j++) {
      let sum: f64 = 0;
      let own = at(x, i);
      let other = at(x, j);
      for (let c = 0; c < d; c++) {
        const difference = load<f64>(own) - load<f64>(other);
        sum += difference * difference;
        own += rowBytes;
        other += rowBytes;
      }
      store<f64>(at(target, j), sum);
    }
  }
}
