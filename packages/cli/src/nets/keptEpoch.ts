/** Which epoch a net is of, and whether longer training may help: where the last one was the best, the loss still fell. */
export function keptEpoch(curve: readonly { readonly epoch: number }[], bestEpoch: number): string {
  const last = curve.at(-1)?.epoch ?? bestEpoch;
  return bestEpoch === last
    ? `The last epoch, ${last}, was the best: more --epochs may be better still.`
    : `Epoch ${bestEpoch} of ${last} was the best, and is kept.`;
}
