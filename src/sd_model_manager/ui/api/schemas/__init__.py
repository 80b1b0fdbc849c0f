"""The shapes of the API, in pydantic: what comes in is validated here, what goes out is documented here."""
