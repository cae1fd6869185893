/** A note on shares of a mixture that nobody named as such, with the options that name them. */
export function namingSumOptions(note: string): string {
  return note
    .replace("say so: by a schema of the table with", "say so: by --schema FILE (of the table that is read) with")
    .replace("or by a sum of the space,", "or by --keep");
}
