"""Turns the YAML files that writers edit into a catalog, or reports every problem in them."""
