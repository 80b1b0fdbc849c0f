"""`<stem>.description.txt` and `<stem>.txt`: a description in plain text, as A1111 shows it."""

from __future__ import annotations

from dataclasses import dataclass

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.sidecars.descriptions import decode, to_html
from sd_model_manager.sidecars.format import SidecarFile
from sd_model_manager.sidecars.json_values import clean_text, parse_object


@dataclass(frozen=True, slots=True)
class TextDescription:
    kind: str
    suffix: str

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        """JSON and front matter are written for programs; they describe nothing to a reader."""
        text = clean_text(decode(file.raw)).strip()
        if not text or text.startswith(("---\n", "---\r\n")) or _is_json_object(text):
            return None
        return SidecarClaim(description_html=to_html(text))


def _is_json_object(text: str) -> bool:
    """People start a prompt with a brace, too."""
    try:
        return bool(parse_object(text.encode()))
    except ValueError:
        return False
