import { useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import { useIsRevealed } from "@/lib/revealed";

/** A preview beside a model; `url` tells one of the user's own from the next. */
export interface PreviewRef {
  modelId: number;
  previewId: number;
  url: string;
}

/** What the file of a preview says of how it was made. */
export function usePictureText({ modelId, previewId, url }: PreviewRef) {
  const reveal = useIsRevealed(modelId);
  return useQuery({
    queryKey: ["models", "picture-text", url, reveal],
    retry: false,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/models/{model_id}/previews/{preview_id}/text", {
          signal,
          params: { path: { model_id: modelId, preview_id: previewId }, query: { reveal } },
        }),
      ),
  });
}
