const ODD_RADICES = [3, 5, 7, 11, 13, 17, 19, 23];

/** Radices whose product is n, in the order of the passes; undefined where a prime above 23 divides n. */
export function radicesOf(n: number): readonly number[] | undefined {
  let rest = n;
  let twos = 0;
  while (rest % 2 === 0) {
    rest /= 2;
    twos++;
  }
  const radices: number[] = [];
  while (twos >= 5 || twos === 3) {
    radices.push(8);
    twos -= 3;
  }
  for (; twos >= 2; twos -= 2) radices.push(4);
  if (twos === 1) radices.push(2);
  for (const radix of ODD_RADICES) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return rest === 1 ? radices : undefined;
}

/** Cost of one number in one pass, relative to radix 2; measured. */
const COST = new Map([
  [2, 1],
  [3, 1.5],
  [4, 1.3],
  [5, 2.2],
  [8, 1.9],
]);

/** Length of at least `least`, with factors 2, 3 and 5 only, whose transform takes least time. */
export function convolutionLength(least: number): number {
  let best = 0;
  let bestCost = Number.POSITIVE_INFINITY;
  let two = 1;
  while (two < least) two *= 2;
  for (let fives = 1; fives <= two; fives *= 5) {
    for (let odd = fives; odd <= two; odd *= 3) {
      let length = odd;
      while (length < least) length *= 2;
      const cost = length * (radicesOf(length) ?? []).reduce((sum, radix) => sum + (COST.get(radix) ?? 0), 0);
      if (cost < bestCost) {
        best = length;
        bestCost = cost;
      }
    }
  }
  return best;
}

/** Largest divisor of n that is not above its square root. */
export function middleDivisor(n: number): number {
  let divisor = Math.floor(Math.sqrt(n));
  while (n % divisor !== 0) divisor--;
  return divisor;
}
