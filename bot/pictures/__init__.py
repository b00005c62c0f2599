"""Draws the pictures of answers as PNG files, each with the whole risk warning. Uses no system fonts."""
