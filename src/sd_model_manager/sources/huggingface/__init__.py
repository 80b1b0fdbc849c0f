"""Hugging Face: repositories of model files, read over its public API, downloaded as plain bytes."""
