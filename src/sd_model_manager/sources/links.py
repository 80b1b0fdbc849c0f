"""What every source asks of a link before it looks whether the link is its own."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from sd_model_manager.lib.errors import BadInput


def split_web_link(text: str) -> tuple[SplitResult, str, str] | None:
    """The parts of an http link, its host, and the host with its port where it names one; `None` for anything else.
    What begins without a scheme is taken for https, as browsers show links."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    return parts, host, f"{host}:{port}" if port else host


def refuse_password(parts: SplitResult) -> None:
    """Raises BadInput for a link that would give a user name or password away."""
    if "@" in parts.netloc:
        text = "The link carries a user name or password. Remove what stands before the '@'."
        raise BadInput(text, code="LINK_WITH_PASSWORD")
