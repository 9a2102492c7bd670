"""Topics: standing questions: what the house does on its own."""
