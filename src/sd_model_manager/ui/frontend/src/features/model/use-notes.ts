import { useEffect, useRef, useState } from "react";
import { useChangeModel } from "@/api/model-changes";
import type { ModelDetail } from "@/api/types";
import { dropDraft, keepDraft, readDraft } from "@/features/model/notes-draft";

const QUIET_MS = 1000;

export type NotesState = "same" | "writing" | "saving" | "saved" | "unsaved";

/** The text of the notes, saved after a second without a key, on `save`, and when the panel goes away. */
export function useNotes(model: ModelDetail) {
  const { id } = model;
  const onServer = model.user.notes;
  const [text, setText] = useState(() => readDraft(id) ?? onServer);
  const [known, setKnown] = useState(onServer);
  // What was sent last, or stood here at first: it is sent again only when the user asks.
  const [handed, setHanded] = useState(text);
  const change = useChangeModel(id, {
    onSaved: ({ notes }) => notes !== undefined && dropDraft(id, notes),
  });
  if (onServer !== known) {
    setKnown(onServer);
    const isUntouched = text === known;
    if (isUntouched) {
      setText(onServer);
      setHanded(onServer);
    }
  }

  const write = (written: string) => {
    setText(written);
    keepDraft(id, written);
    if (written === onServer) dropDraft(id, written);
  };
  const save = () => {
    setHanded(text);
    change.mutate({ notes: text });
  };
  const saveIfChanged = () => {
    if (text !== handed) save();
  };

  const latest = useRef(saveIfChanged);
  useEffect(() => {
    latest.current = saveIfChanged;
  });
  useEffect(() => {
    if (text === handed) return;
    const timer = setTimeout(() => latest.current(), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text, handed]);
  useEffect(() => () => latest.current(), []);

  return { text, write, save, saveIfChanged, state: stateOf(), error: change.error };

  function stateOf(): NotesState {
    if (text !== handed) return "writing";
    if (change.isPending) return "saving";
    if (text !== onServer) return "unsaved";
    return change.isSuccess ? "saved" : "same";
  }
}
