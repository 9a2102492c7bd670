"""An exhibit: the number on a container door, read and checked."""
