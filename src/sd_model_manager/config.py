"""Settings: from the environment (`SDMM_...`), a `.env` file, or the settings page of the running program.

Only `wiring`, `cli` and `ui` read this; the rooms are given plain values. docs/settings.md lists every field (tested).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sd_model_manager.db.engine import sqlite_url
from sd_model_manager.domain.bandwidth import check_schedule
from sd_model_manager.download.templates import DEFAULT_TEMPLATE, check_template
from sd_model_manager.lib.errors import BadInput

SidecarFormatName = Literal["lora_manager", "stability_matrix", "civitai_info", "user_metadata", "swarm_ui"]
"""The formats that can be written (tested to be those of `sidecars`)."""

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


def _editable(*, needs_restart: bool = False) -> dict[str, Any]:
    return {"is_editable": True, "needs_restart": needs_restart}


class Settings(BaseSettings):
    """Every field has a default that works offline on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="SDMM_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        populate_by_name=True,
        validate_default=True,
        frozen=True,
        hide_input_in_errors=True,
    )

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8188, ge=1, le=65535, description="TCP port to listen on.")
    model_dir: Path = Field(default=Path("./models"), description="The first library folder; downloads go there.")
    extra_model_dirs: list[Path] = Field(default_factory=list, description="Further library folders, as a JSON list.")
    archive_dir: str = Field(
        default="",
        description="Where archived models go. Empty: `<folder>-archive` beside each library folder.",
    )
    data_dir: Path = Field(default=Path("./data"), description="Database, saved keys, locks and thumbnails.")
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="Empty: SQLite at `<data_dir>/registry.db`. Otherwise `postgresql+psycopg://...`.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="How much is logged.")
    log_dir: Path = Field(default=Path("./logs"), description="Folder of the rotating log files.")
    civitai_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("SDMM_CIVITAI_API_KEY", "CIVITAI_API_KEY", "civitai_api_key"),
        description="Key for downloads from Civitai that need a login. Sent to Civitai alone.",
        json_schema_extra=_editable(),
    )
    huggingface_token: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("SDMM_HUGGINGFACE_TOKEN", "HF_TOKEN", "huggingface_token"),
        description="Token for gated repositories on Hugging Face. Sent to Hugging Face alone.",
        json_schema_extra=_editable(),
    )
    civitai_base_url: str = Field(default="https://civitai.com", description="Origin of Civitai's API and downloads.")
    huggingface_base_url: str = Field(default="https://huggingface.co", description="Origin of Hugging Face.")
    civarchive_base_url: str = Field(
        default="https://civarchive.com",
        description="Origin of CivArchive, which is asked where its link was pasted or a look-up there was wished for.",
    )
    allowed_private_hosts: str = Field(
        default="",
        description="Comma list of `host` or `host:port` that downloads may reach although they are private.",
    )
    allowed_hosts: str = Field(
        default="", description="Comma list of further host names under which browsers reach the server."
    )
    access_token: SecretStr = Field(default=SecretStr(""), description="Required from every client when set.")
    insecure_no_auth: bool = Field(
        default=False,
        description="Serve other machines without an access token. Anyone who reaches the port owns the library.",
    )
    downloads_at_once: int = Field(
        default=3, ge=1, le=32, description="Downloads that run at the same time.", json_schema_extra=_editable()
    )
    downloads_per_host: int = Field(
        default=2,
        ge=1,
        le=32,
        description="Of these, downloads that may ask the same host.",
        json_schema_extra=_editable(),
    )
    connections_per_download: int = Field(
        default=4, ge=1, le=16, description="Connections one download may open.", json_schema_extra=_editable()
    )
    bandwidth_limit: int = Field(
        default=0,
        ge=0,
        le=2**53,
        description="Bytes per second for all downloads together. 0: no limit.",
        json_schema_extra=_editable(),
    )
    bandwidth_schedule: Annotated[str, AfterValidator(check_schedule)] = Field(
        default="",
        max_length=2000,
        description="Other limits at other times, such as `Mon-Fri 08:00-18:00=2MB; 22:00-07:00=0`.",
        json_schema_extra=_editable(),
    )
    path_template: Annotated[str, AfterValidator(check_template)] = Field(
        default=DEFAULT_TEMPLATE,
        max_length=500,
        description="Where downloads go below the library folder, such as `{type}/{base_model}/{creator}`.",
        json_schema_extra=_editable(),
    )
    hash_in_background: bool = Field(
        default=True,
        description="Compute the hashes of new files after a scan, at low priority.",
        json_schema_extra=_editable(),
    )
    hash_files_at_once: int = Field(
        default=2, ge=1, le=16, description="Files that are hashed at the same time.", json_schema_extra=_editable()
    )
    watch: bool = Field(
        default=True,
        description="Notice what changes in library folders while the program runs.",
        json_schema_extra=_editable(),
    )
    watch_by_polling: bool = Field(
        default=False,
        description="Look at all library folders from time to time instead of waiting for the system to tell.",
        json_schema_extra=_editable(),
    )
    poll_seconds: int = Field(
        default=300,
        ge=10,
        le=86_400,
        description="How often folders are looked at whose system does not tell of changes, such as network shares.",
        json_schema_extra=_editable(),
    )
    match_in_background: bool = Field(
        default=False,
        description="Ask Civitai for what is new in the library, by its hashes, after they are computed.",
        json_schema_extra=_editable(),
    )
    check_updates_every_hours: int = Field(
        default=0,
        ge=0,
        le=8760,
        description="How often Civitai is asked for newer versions of what you have. 0: only when you ask.",
        json_schema_extra=_editable(),
    )
    save_previews: bool = Field(
        default=True,
        description="Save a preview image beside each downloaded model.",
        json_schema_extra=_editable(),
    )

    sidecar_export: list[SidecarFormatName] = Field(
        default_factory=list,
        description="Other tools' files to keep up to date beside models, as a JSON list of formats.",
        json_schema_extra=_editable(),
    )

    mature_content: Literal["show", "blur", "hide"] = Field(
        default="blur",
        description="What becomes of mature models: shown, with blurred pictures, or not there at all.",
        json_schema_extra=_editable(),
    )
    mature_from: Literal["pg13", "r", "x", "xxx"] = Field(
        default="r",
        description="The level of Civitai from which on a model counts as mature.",
        json_schema_extra=_editable(),
    )

    @field_validator("civitai_base_url", "huggingface_base_url", "civarchive_base_url")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value.rstrip("/")

    @field_validator("model_dir", "data_dir", "log_dir")
    @classmethod
    def _make_absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("extra_model_dirs")
    @classmethod
    def _make_all_absolute(cls, value: list[Path]) -> list[Path]:
        return [path.expanduser().absolute() for path in value]

    @property
    def effective_database_url(self) -> str:
        return self.database_url.get_secret_value() or sqlite_url(self.data_dir / "registry.db")

    @property
    def private_hosts(self) -> tuple[str, ...]:
        return _split(self.allowed_private_hosts)

    @property
    def extra_host_names(self) -> tuple[str, ...]:
        return _split(self.allowed_hosts)

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK_HOSTS


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; `overrides` are what the command line says and count as locked.

    Raises BadInput naming each setting that is wrong.
    """
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadInput(f"The configuration is wrong. {wrong}", code="BAD_CONFIGURATION") from error


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
