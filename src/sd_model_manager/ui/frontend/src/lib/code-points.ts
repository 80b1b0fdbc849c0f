/** The server counts characters, JavaScript counts the halves of those beyond the first 65,536: from the latter to the former. */
export function toCharacters(text: string, index: number): number {
  return [...text.slice(0, index)].length;
}

/** Where the character with this number begins in `text`. */
export function fromCharacters(text: string, position: number): number {
  return [...text].slice(0, position).join("").length;
}
