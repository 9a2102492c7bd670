"""Briefs, their editions and who gets them: what the house does on its own."""
