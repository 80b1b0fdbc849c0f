"""What the sample models say of themselves: training metadata in headers, and sidecars beside them.

Keys of kohya's sd-scripts, `train_network.py`, and of ModelSpec 1.0; sidecars as the Civitai Helper extensions keep
them: Civitai's answer for a version, with what is known of the model.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.library.sample.sample_model import Publication, SampleModel, Training

_CIVITAI_TYPES = {
    ModelType.CHECKPOINT: "Checkpoint",
    ModelType.DIFFUSION_MODEL: "Checkpoint",
    ModelType.LORA: "LORA",
    ModelType.VAE: "VAE",
    ModelType.EMBEDDING: "TextualInversion",
    ModelType.UPSCALER: "Upscaler",
    ModelType.CONTROLNET: "Controlnet",
}
_FIRST_MADE_UP_ID = 9_000_000
"""Far above what Civitai has given out."""
_FIRST_DAY = datetime(2025, 3, 1, 9, tzinfo=UTC)


def describe_training(training: Training, stem: str, rank: int, chance: Random) -> dict[str, str]:
    """The metadata that a trainer writes into the header of a LoRA."""
    images, repeats, epochs = chance.randint(18, 240), chance.choice((2, 5, 10)), chance.choice((8, 10, 12, 16))
    started = _FIRST_DAY + timedelta(minutes=chance.randint(0, 600_000))
    metadata = {
        **training.base,
        "modelspec.sai_model_spec": "1.0.0",
        "modelspec.title": stem,
        "modelspec.resolution": "512x512" if training.base["ss_base_model_version"] == "sd_v1" else "1024x1024",
        "ss_output_name": stem,
        "ss_network_module": "networks.lora_flux"
        if "flux" in training.base["ss_base_model_version"]
        else "networks.lora",
        "ss_network_dim": str(rank),
        "ss_network_alpha": str(max(1, rank // 2)),
        "ss_num_train_images": str(images * repeats),
        "ss_num_epochs": str(epochs),
        "ss_steps": str(images * repeats * epochs // 4),
        "ss_learning_rate": chance.choice(("0.0001", "0.0002", "0.0005")),
        "ss_optimizer": chance.choice(("bitsandbytes.optim.adamw.AdamW8bit", "prodigyopt.prodigy.Prodigy")),
        "ss_clip_skip": chance.choice(("1", "2")),
        "ss_mixed_precision": "bf16",
        "ss_seed": str(chance.randint(1, 2**31)),
        "ss_training_started_at": f"{started.timestamp():.1f}",
        "ss_sd_scripts_commit_hash": f"{chance.getrandbits(160):040x}",
    }
    if training.subject:
        counts = {training.subject: images, **{word: chance.randint(images // 4, images) for word in training.captions}}
        metadata["ss_tag_frequency"] = json.dumps({f"{repeats}_{training.subject}": counts}, ensure_ascii=False)
        metadata["ss_dataset_dirs"] = json.dumps(
            {f"{repeats}_{training.subject}": {"n_repeats": repeats, "img_count": images}}, ensure_ascii=False
        )
    return metadata


def describe_publication(
    model: SampleModel, published: Publication, size_bytes: int, sha256: str | None, chance: Random
) -> dict[str, Any]:
    """Civitai's JSON of the version. `sha256` is `None` for large files: it would take longer than all else."""
    model_id, version_id, file_id = (_FIRST_MADE_UP_ID + chance.randint(0, 900_000) for _ in range(3))
    published_at = (_FIRST_DAY + timedelta(minutes=chance.randint(0, 500_000))).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    downloads = chance.randint(300, 90_000)
    url = f"https://civitai.com/api/download/models/{version_id}"
    hashes = {"SHA256": sha256.upper(), "AutoV2": sha256[:10].upper()} if sha256 else {}
    return {
        "id": version_id,
        "modelId": model_id,
        "name": published.version,
        "nsfwLevel": 1,
        "createdAt": published_at,
        "updatedAt": published_at,
        "status": "Published",
        "publishedAt": published_at,
        "trainedWords": list(published.words),
        "baseModel": model.base_model,
        "baseModelType": "Standard",
        "description": None,
        "usageControl": "Download",
        "paidAccess": None,
        "stats": {"downloadCount": downloads, "thumbsUpCount": downloads // 9},
        "model": {
            "name": model.title,
            "type": _CIVITAI_TYPES[model.type],
            "nsfw": False,
            "poi": False,
            "description": published.about,
            "tags": list(published.tags),
            "creator": {"username": published.creator, "image": None},
            "allowNoCredit": chance.random() < 0.7,
            "allowCommercialUse": ["Image"],
            "allowDerivatives": True,
            "allowDifferentLicense": False,
        },
        "files": [
            {
                "id": file_id,
                "sizeKB": size_bytes / 1024,
                "name": model.path.rpartition("/")[2],
                "type": "Model",
                "pickleScanResult": "Success",
                "virusScanResult": "Success",
                "metadata": {"format": "SafeTensor", "size": None, "fp": "fp16"},
                "hashes": hashes,
                "downloadUrl": url,
                "primary": True,
            }
        ],
        "images": [],
        "downloadUrl": url,
    }
