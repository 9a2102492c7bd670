"""A few photos of healthy and sick leaves teach it."""
