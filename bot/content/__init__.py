"""The content folder: from YAML that writers edit to a catalog, or to a list of everything that is wrong with it."""
