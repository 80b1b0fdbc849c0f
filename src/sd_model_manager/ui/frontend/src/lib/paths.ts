/** The folder a file lies in, of a path as Windows or others write it. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  const isRoot = end === 0 || (end === 2 && path[1] === ":");
  return path.slice(0, isRoot ? end + 1 : Math.max(0, end));
}

/** The name of the file at the end of such a path. */
export function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
