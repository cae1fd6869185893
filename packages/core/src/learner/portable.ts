/** Plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Stored form of a learner, model or encoder. `type` is a literal that never changes, `version` counts its layouts. */
export interface Serialized {
  readonly type: string;
  readonly version: number;
  readonly params: Json;
  readonly state: Json;
}

/**
 * Something that crosses thread and file borders as data. `module` is the URL of the module that can read it back:
 * that module exports `reader`, a {@link ModelReader}.
 */
export interface Portable {
  readonly module: string;
  toJSON(): Serialized;
}
