/**
 * exp(2πi k / n) for integers 0 ≤ k < n, to the last digit or so: the angle is first brought into an eighth of the
 * circle with exact integers, so that 0, ±1 and mirrored roots are exact.
 */
export function unitRoot(k: number, n: number): { readonly re: number; readonly im: number } {
  const octant = Math.floor((8 * k) / n);
  const rest = 8 * k - octant * n;
  const angle = (Math.PI / 4) * ((octant % 2 === 0 ? rest : n - rest) / n);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  switch (octant) {
    case 0:
      return { re: c, im: s };
    case 1:
      return { re: s, im: c };
    case 2:
      return { re: -s, im: c };
    case 3:
      return { re: -c, im: s };
    case 4:
      return { re: -c, im: -s };
    case 5:
      return { re: -s, im: -c };
    case 6:
      return { re: s, im: -c };
    default:
      return { re: c, im: -s };
  }
}
