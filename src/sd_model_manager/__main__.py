"""`python -m sd_model_manager` is `sd-model-manager serve`; with arguments, the command they name."""

from sd_model_manager.cli.main import main

if __name__ == "__main__":
    main()
