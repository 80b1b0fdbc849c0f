import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import { type DownloadChoice, toBody } from "@/api/downloads";

type Inspected = Pick<DownloadChoice, "url" | "file_id" | "folder" | "filename">;

export const inspectionKey = ({ url, file_id = null, folder = null, filename = null }: Inspected) => [
  "inspection",
  url,
  file_id,
  folder,
  filename,
];

/** What a link would fetch, without fetching it: that file, to that place. Meanwhile the last answer stays. */
export function useInspection(asked: Inspected, enabled = true) {
  return useQuery({
    queryKey: inspectionKey(asked),
    queryFn: ({ signal }) => unwrap(client.POST("/api/download/inspect", { signal, body: toBody(asked) })),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
}
