"""How fast a process starts, and what it holds in memory when it idles."""
