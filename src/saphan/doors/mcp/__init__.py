"""The door for assistants: a Model Context Protocol server, built from what rooms declare."""
