/** A part of a stored model: what a predictor's `encode` gives. */
export type Stored = { readonly [key: string]: unknown };
