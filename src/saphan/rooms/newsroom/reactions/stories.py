"""Stories, and what officers decide about them: what the house does on its own."""
