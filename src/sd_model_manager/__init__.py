"""SD Model Manager: find, identify, download and organise Stable Diffusion model files."""

__version__ = "0.1.0"
