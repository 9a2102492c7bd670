"""Term bridge: concepts of the fields found in a text, with their words in all languages."""
