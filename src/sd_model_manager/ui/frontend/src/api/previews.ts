import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import { useShowModel } from "@/api/look-ups";

const PREVIEW = "/api/models/{model_id}/preview";

/** Puts one of a model's pictures before the others. */
export function useChoosePreview(id: number) {
  const show = useShowModel(id);
  return useMutation({
    mutationFn: (preview_id: number) =>
      unwrap(client.POST(PREVIEW, { params: { path: { model_id: id } }, body: { preview_id } })),
    onSuccess: show,
  });
}

/** Gives a model a picture or film of the user's own. */
export function useGivePreview(id: number) {
  const show = useShowModel(id);
  return useMutation({
    mutationFn: (file: File) =>
      unwrap(
        client.PUT(PREVIEW, {
          params: { path: { model_id: id } },
          headers: { "Content-Type": file.type },
          body: "",
          bodySerializer: () => file,
        }),
      ),
    onSuccess: show,
  });
}

/** Takes the user's own choice back. */
export function useForgetPreview(id: number) {
  const show = useShowModel(id);
  return useMutation({
    mutationFn: () => unwrap(client.DELETE(PREVIEW, { params: { path: { model_id: id } } })),
    onSuccess: show,
  });
}
