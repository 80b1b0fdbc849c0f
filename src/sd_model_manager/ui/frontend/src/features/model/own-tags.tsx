import { Trans, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useChangeModel } from "@/api/model-changes";
import type { ModelDetail } from "@/api/types";
import { Input } from "@/components/field";
import { Section } from "@/components/section";
import { TagLink } from "@/features/model/tag-link";
import { tagNamesIn } from "@/lib/tag-names";

/** The user's own tags: each goes with a click, and new ones are added with Enter or a comma. */
export function OwnTags({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const change = useChangeModel(model.id);
  const tags = model.user.own_tags;

  const add = () => {
    const added = tagNamesIn(text, tags);
    setText("");
    if (added.length === 0) return;
    const typed = text;
    change.mutate({ tags: [...tags, ...added] }, { onError: () => setText((now) => now || typed) });
  };
  const remove = (tag: string) => {
    field.current?.focus(); // the button that had the focus is about to go
    change.mutate({ tags: tags.filter((other) => other !== tag) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a Japanese conversion belongs to the input method.
    if (event.nativeEvent.isComposing || (event.key !== "Enter" && event.key !== ",")) return;
    event.preventDefault();
    add();
  };
  return (
    <Section title={<Trans>Your tags</Trans>}>
      {tags.length > 0 && (
        <ul aria-label={t`Your tags`} className="flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li
              key={tag}
              className="inline-flex max-w-full items-center rounded-full bg-accent-soft pl-2.5 text-[13px] text-accent-ink"
            >
              <span className="truncate">
                <TagLink tag={tag}>{tag}</TagLink>
              </span>
              <button
                type="button"
                aria-label={t`Remove the tag ${tag}`}
                onClick={() => remove(tag)}
                className="grid size-7 shrink-0 place-items-center rounded-full hover:text-danger"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Input
        ref={field}
        aria-label={t`Add a tag`}
        placeholder={t`Add a tag`}
        enterKeyHint="done"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={add}
      />
    </Section>
  );
}
