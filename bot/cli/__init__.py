"""One module a command, each with `main(options) -> exit status`. Problems are printed to standard error; settings,
content or a database that cannot be used end any command with one of `problems.REASONS`.
"""
