"""One module a command, each with `main(options) -> exit status`. Problems are printed to standard error."""
