/** Whether pixels of two sizes show shapes of one size in pixels: within 5 %; also where either is not known. */
export function isSameScale(pixelSizeUm: number | undefined, otherUm: number | undefined): boolean {
  if (pixelSizeUm === undefined || otherUm === undefined) return true;
  return Math.abs(Math.log(pixelSizeUm / otherUm)) <= Math.log(1.05);
}
