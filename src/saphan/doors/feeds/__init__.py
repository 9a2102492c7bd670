"""The door for feed readers: Atom and JSON Feed, built from what rooms declare."""
