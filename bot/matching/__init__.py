"""Matches free questions to explainers, and checks welcome lines and newcomers' names. Never writes an answer."""
