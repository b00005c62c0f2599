"""One module a command, each with `main(options) -> exit status`. What is wrong goes to standard error, in a line."""
