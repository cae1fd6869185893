/** ln softplus(u) = ln ln(1 + eᵘ) and its slope, σ(u) / softplus(u), stable at both ends. */
export function logSoftplus(u: number): { readonly value: number; readonly slope: number } {
  if (u < -30) return { value: u - 0.5 * Math.exp(u), slope: 1 - 0.5 * Math.exp(u) };
  const soft = u > 30 ? u : Math.log1p(Math.exp(u));
  return { value: Math.log(soft), slope: 1 / (1 + Math.exp(-u)) / soft };
}
