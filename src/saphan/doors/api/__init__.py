"""The door for software: REST, described by OpenAPI 3.1, built from what rooms declare."""
