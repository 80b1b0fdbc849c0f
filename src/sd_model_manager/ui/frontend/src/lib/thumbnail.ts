/** Widths in pixels of the thumbnails that the server makes of a preview picture; a smaller picture stays as it is. */
const WIDTHS = { small: 256, medium: 512, large: 1024 };

export type ThumbnailSize = keyof typeof WIDTHS;

/** Where a thumbnail of a preview picture is. Videos have none. */
export function thumbnailUrl(previewUrl: string, size: ThumbnailSize): string {
  return `${previewUrl}${previewUrl.includes("?") ? "&" : "?"}size=${size}`;
}

/** All thumbnails of a preview picture, as the `srcset` of an `img`. */
export function thumbnailSet(previewUrl: string): string {
  return (Object.keys(WIDTHS) as ThumbnailSize[])
    .map((size) => `${thumbnailUrl(previewUrl, size)} ${WIDTHS[size]}w`)
    .join(", ");
}
