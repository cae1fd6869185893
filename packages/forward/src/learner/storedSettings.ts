import type { Json } from "@materiome/core";

/** Settings as JSON, which has neither undefined nor Infinity: those stand for what was not set and become null. */
export function storedSettings(settings: { readonly [key: string]: Json | undefined }): {
  readonly [key: string]: Json;
} {
  const entries: [string, Json | undefined][] = Object.entries(settings);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value === Number.POSITIVE_INFINITY ? null : (value ?? null)]),
  );
}
