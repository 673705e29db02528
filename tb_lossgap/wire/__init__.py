"""The one place where nouns become JSON or binary columns."""
