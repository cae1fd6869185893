/** First byte that is free for arrays. */
export function dataStart(): usize {
  return (__heap_base + 15) & ~15;
}
