/** Syntax tree of an expression, with the text of each part for messages. */
export type ExpressionNode =
  | { readonly kind: "number"; readonly value: number; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean; readonly text: string }
  | { readonly kind: "name"; readonly name: string; readonly text: string }
  /** A quoted text: a column name, a label or a unit, as its place says. */
  | { readonly kind: "quoted"; readonly value: string; readonly text: string }
  | { readonly kind: "call"; readonly fn: string; readonly args: readonly ExpressionNode[]; readonly text: string };
