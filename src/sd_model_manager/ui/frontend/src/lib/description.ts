/**
 * Prepares a description that the server has sanitised: links open beside the page, and pictures become links, so that
 * reading about a model contacts nobody.
 */
export function prepareDescription(html: string): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const image of parsed.querySelectorAll("img, video")) {
    const source = image.getAttribute("src");
    const link = parsed.createElement("a");
    link.href = source ?? "";
    link.textContent = image.getAttribute("alt") || source?.split("/").pop() || "";
    if (image.closest("a") || !source) image.remove();
    else image.replaceWith(link);
  }
  for (const link of parsed.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noreferrer noopener nofollow";
  }
  return parsed.body.innerHTML;
}
