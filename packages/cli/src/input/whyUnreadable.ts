/** Why an input file could not be read, with the remedy. */
export function whyUnreadable(error: NodeJS.ErrnoException, expected: string): string {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file; check the path";
    case "EISDIR":
      return `this is a folder; expected ${expected}`;
    case "EACCES":
    case "EPERM":
      return "no permission to read it; change its rights";
    default:
      return `cannot be read (${error.message})`;
  }
}
