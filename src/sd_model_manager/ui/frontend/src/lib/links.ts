const WEB = /^(https?:\/\/|urn:air:)\S/i;
/** As browsers show and people write them. */
const BARE = /^(www\.)?(civitai\.(com|red|green)|huggingface\.co|hf\.co|civarchive\.com)\/\S/i;
/** What a sentence or a mark-up puts around a link. */
const AROUND = /^[<("'[]+|[>)"'\],.;:!?]+$/g;

/**
 * The links in a pasted text, in order, each once, whatever is written around them: web addresses, AIRs, and pages of
 * the sites that are known. Where there is none of these, each word may be a bare name, such as Hugging Face has.
 */
export function findLinks(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean);
  const links = words.flatMap(toLink);
  return [...new Set(links.length > 0 ? links : words)];
}

/** Whether a text pasted anywhere on the page is meant as a download: nothing but links, or one to a known site. */
export function isPasteOfLinks(text: string): boolean {
  const words = text.split(/\s+/).filter(Boolean);
  const links = words.flatMap(toLink);
  const isOfKnownSite = (link: string) => /^urn:/i.test(link) || BARE.test(link.replace(/^https?:\/\//i, ""));
  return links.length > 0 && (links.length === words.length || links.some(isOfKnownSite));
}

function toLink(word: string): string[] {
  const link = word.replace(AROUND, "");
  if (WEB.test(link)) return [link];
  return BARE.test(link) ? [`https://${link}`] : [];
}
