"""Exhibit: which language is this, and where are its words?"""
