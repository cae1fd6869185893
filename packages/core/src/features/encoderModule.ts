/** URL of the module whose `reader` reads every encoder of this package that holds others. */
export const ENCODER_MODULE: string = new URL(
  import.meta.url.endsWith(".ts") ? "./readTableEncoder.ts" : "./readTableEncoder.js",
  import.meta.url,
).href;
