"""Small tools every room may use; they know nothing of models."""
