import { afterEach, beforeEach, expect, vi } from "vitest";

// Library code says what it has to say in return values and errors; printing in a test is a mistake.
const methods = ["log", "info", "warn", "error", "debug"] as const;

beforeEach(() => {
  for (const method of methods) vi.spyOn(console, method);
});

afterEach(() => {
  for (const method of methods) {
    const calls = vi.mocked(console[method]).mock.calls.map((call) => call.join(" "));
    vi.mocked(console[method]).mockRestore();
    expect(calls, `console.${method} was called`).toEqual([]);
  }
});
