import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { Model, ModelChange, ModelDetail, ModelPage } from "@/api/types";

interface Handlers {
  /** Is told also when what asked for the change is no longer on the screen. */
  onSaved?: (change: ModelChange) => void;
}

/**
 * Says something of a model. It is shown at once everywhere, and taken back when the server refuses. Notes alone wait
 * for the server, since the field they are written in shows them already and says whether they are kept.
 *
 * Changes of one model are sent one after another, so that what was said last holds.
 */
export function useChangeModel(id: number, { onSaved }: Handlers = {}) {
  const queryClient = useQueryClient();
  const detailKey = ["models", "detail", id];
  const mutationKey = ["models", "change", id];
  const isLast = () => queryClient.isMutating({ mutationKey }) === 1;
  return useMutation({
    mutationKey,
    scope: { id: `model ${id}` },
    mutationFn: (change: ModelChange) =>
      unwrap(client.PATCH("/api/models/{model_id}", { params: { path: { model_id: id } }, body: change })),
    onMutate: async (change) => {
      await queryClient.cancelQueries({ queryKey: detailKey });
      const before = queryClient.getQueryData<ModelDetail>(detailKey);
      if (before) show(queryClient, withChange(before, change));
      return before;
    },
    onSuccess: (fresh, change) => {
      onSaved?.(change);
      const now = queryClient.getQueryData<ModelDetail>(detailKey);
      // While more is on its way, its answer is the one to believe; of this one only the notes are taken.
      if (isLast() || !now) show(queryClient, fresh);
      else show(queryClient, { ...now, user: { ...now.user, notes: fresh.user.notes } });
    },
    onError: (_error, change, before) => {
      const now = queryClient.getQueryData<ModelDetail>(detailKey);
      if (now && before && isLast()) show(queryClient, withChange(now, takenBack(change, before)));
    },
    onSettled: (_fresh, error) => {
      if (error && isLast()) void queryClient.invalidateQueries({ queryKey: ["models"] });
    },
  });
}

function withChange(model: ModelDetail, change: ModelChange): ModelDetail {
  const { favorite, rating, tags, own_name, own_type, own_base_model, own_mature_level } = change;
  const user = { ...model.user };
  if (own_name !== undefined) user.own_name = own_name;
  if (own_type !== undefined) user.own_type = own_type;
  if (own_base_model !== undefined) user.own_base_model = own_base_model;
  if (own_mature_level !== undefined) user.own_mature_level = own_mature_level;
  if (favorite !== undefined) user.favorite = favorite;
  if (rating !== undefined) user.rating = rating;
  if (tags !== undefined) user.own_tags = tags;
  const othersTags = model.tags.filter((tag) => !model.user.own_tags.includes(tag) && !user.own_tags.includes(tag));
  // What it is without a word of the user's, the server alone knows.
  return {
    ...model,
    name: own_name ?? model.name,
    type: own_type ?? model.type,
    base_model: own_base_model ?? model.base_model,
    mature_level: own_mature_level ?? model.mature_level,
    favorite: user.favorite,
    rating: user.rating,
    tags: [...user.own_tags, ...othersTags],
    user,
  };
}

/** The change that brings back what there was. */
function takenBack(change: ModelChange, { user }: ModelDetail): ModelChange {
  return {
    favorite: change.favorite === undefined ? undefined : user.favorite,
    rating: change.rating === undefined ? undefined : user.rating,
    tags: change.tags === undefined ? undefined : user.own_tags,
    own_name: change.own_name === undefined ? undefined : user.own_name,
    own_type: change.own_type === undefined ? undefined : user.own_type,
    own_base_model: change.own_base_model === undefined ? undefined : user.own_base_model,
    own_mature_level: change.own_mature_level === undefined ? undefined : user.own_mature_level,
  };
}

/** Puts a model into its panel and into every list it stands in. */
function show(queryClient: QueryClient, model: ModelDetail): void {
  queryClient.setQueryData(["models", "detail", model.id], model);
  queryClient.setQueriesData<ModelPage>({ queryKey: ["models", "list"] }, (page) =>
    page?.items.some((item) => item.id === model.id) ? { ...page, items: page.items.map(update) } : page,
  );
  function update(item: Model): Model {
    if (item.id !== model.id) return item;
    const { name, type, base_model, tags, favorite, rating } = model;
    const { mature_level, is_blurred, preview_url, preview_media } = model;
    const seen = { mature_level, is_blurred, preview_url, preview_media };
    return { ...item, name, type, base_model, tags, favorite, rating, ...seen };
  }
}
