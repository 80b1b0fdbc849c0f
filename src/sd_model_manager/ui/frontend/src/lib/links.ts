/** The links in a pasted text, in order, each once: web addresses, AIRs and Civitai's or Hugging Face's bare names. */
export function findLinks(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean);
  return [...new Set(words)];
}

/** Whether a text pasted anywhere on the page is meant as a download: nothing but links. */
export function isPasteOfLinks(text: string): boolean {
  const words = findLinks(text);
  return words.length > 0 && words.length <= 200 && words.every((word) => /^(https?:\/\/\S+|urn:air:\S+)$/i.test(word));
}
