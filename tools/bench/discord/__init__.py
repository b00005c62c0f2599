"""The Discord side measured beside bare bots on the same library."""
