"""Draws the pictures of answers as PNG files, with the whole warning inside. No font of the system is used."""
