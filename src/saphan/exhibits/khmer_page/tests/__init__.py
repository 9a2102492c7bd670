"""Tests of the exhibit."""
