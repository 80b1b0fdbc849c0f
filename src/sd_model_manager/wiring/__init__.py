"""Puts the rooms together: the one place that knows which of them speak to which."""

from sd_model_manager.wiring.services import Services, build_services

__all__ = ["Services", "build_services"]
