/**
 * Contrastive loss of embeddings of two views of each patch (NT-Xent): the mean over all views i, with p(i) the other view of the same patch and
 * s(i, j) the cosine of two embeddings over the temperature, of −s(i, p(i)) + log Σ exp s(i, j) over all j ≠ i. Where all are alike it is log(2 n − 1).
 *
 * @param n - patches; row i and row n + i of the embeddings are the views of patch i
 * @param embeddings - [2 n, k]
 * @param gradient - [2 n, k], written
 * @see T. Chen, S. Kornblith, M. Norouzi, G. Hinton, Proc. ICML 2020, arXiv:2002.05709, equation 1
 */
export function contrastLoss(n: number, temperature: number, embeddings: Float32Array, gradient: Float32Array): number {
  const views = 2 * n;
  const k = embeddings.length / views;
  const unit = new Float64Array(embeddings.length);
  const lengths = new Float64Array(views);
  for (let i = 0; i < views; i++) {
    let square = 0;
    for (let c = 0; c < k; c++) square += embeddings[i * k + c]! ** 2; // row i
    lengths[i] = Math.sqrt(square + TINY);
    for (let c = 0; c < k; c++) unit[i * k + c] = embeddings[i * k + c]! / lengths[i]!;
  }
  const slopes = new Float64Array(embeddings.length); // by the unit vectors
  const likeness = new Float64Array(views);
  let loss = 0;
  for (let i = 0; i < views; i++) {
    const other = (i + n) % views;
    let largest = -Infinity;
    for (let j = 0; j < views; j++) {
      let dot = 0;
      for (let c = 0; c < k; c++) dot += unit[i * k + c]! * unit[j * k + c]!; // rows i and j
      likeness[j] = dot / temperature;
      if (j !== i) largest = Math.max(largest, likeness[j]!);
    }
    let sum = 0;
    for (let j = 0; j < views; j++) if (j !== i) sum += Math.exp(likeness[j]! - largest);
    loss += (largest + Math.log(sum) - likeness[other]!) / views;
    for (let j = 0; j < views; j++) {
      if (j === i) continue;
      const slope = (Math.exp(likeness[j]! - largest) / sum - (j === other ? 1 : 0)) / (temperature * views);
      for (let c = 0; c < k; c++) {
        slopes[i * k + c]! += slope * unit[j * k + c]!;
        slopes[j * k + c]! += slope * unit[i * k + c]!;
      }
    }
  }
  for (let i = 0; i < views; i++) {
    let along = 0;
    for (let c = 0; c < k; c++) along += slopes[i * k + c]! * unit[i * k + c]!;
    for (let c = 0; c < k; c++) gradient[i * k + c] = (slopes[i * k + c]! - along * unit[i * k + c]!) / lengths[i]!;
  }
  return loss;
}

/** An embedding of zeros has no direction. */
const TINY = 1e-12;
