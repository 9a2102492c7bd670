"""Where a surface differs from good ones."""
