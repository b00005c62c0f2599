"""Finds the explainer that a free question asks for, or none. It picks an answer; it never writes one."""
