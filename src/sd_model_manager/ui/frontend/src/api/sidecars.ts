import { useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";

/** Where the text of a file beside a model is, to be saved. */
export function sidecarUrl(model_id: number, sidecar_id: number): string {
  return `/api/models/${model_id}/sidecars/${sidecar_id}`;
}

/** The text of a file beside a model, as it was last read. */
export function useSidecarText(model_id: number, sidecar_id: number) {
  return useQuery({
    queryKey: ["models", "sidecar", model_id, sidecar_id],
    queryFn: ({ signal }) => {
      const params = { path: { model_id, sidecar_id } };
      const asked = client.GET("/api/models/{model_id}/sidecars/{sidecar_id}", {
        signal,
        params,
        parseAs: "arrayBuffer",
      });
      return unwrap(
        asked.then(({ data, ...rest }) => ({ ...rest, data: data && { data: decode(data, rest.response) } })),
      );
    },
  });
}

/** Some tools write UTF-16, which a browser takes for UTF-8 by itself. */
function decode(bytes: ArrayBuffer, { headers }: Response): string {
  const [, charset = "utf-8"] = /charset=([\w-]+)/.exec(headers.get("content-type") ?? "") ?? [];
  const isBigEndian = new Uint8Array(bytes)[0] === 0xfe;
  return new TextDecoder(charset === "utf-16" && isBigEndian ? "utf-16be" : charset).decode(bytes);
}
