/**
 * Otsu's threshold on a histogram: the bin t that maximises the variance between bins 0 … t and t + 1 … n − 1
 * (N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979), doi:10.1109/TSMC.1979.4310076). Of equal maxima the first.
 * Returns −1 when fewer than two bins are occupied.
 */
export function otsuBin(histogram: Float64Array): number {
  let total = 0;
  let moment = 0;
  for (let i = 0; i < histogram.length; i++) {
    total += histogram[i];
    moment += i * histogram[i];
  }
  let below = 0;
  let momentBelow = 0;
  let best = 0;
  let at = -1;
  for (let i = 0; i < histogram.length - 1; i++) {
    below += histogram[i];
    momentBelow += i * histogram[i];
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const difference = momentBelow / below - (moment - momentBelow) / above;
    const between = below * above * difference * difference;
    if (between > best) {
      best = between;
      at = i;
    }
  }
  return at;
}
