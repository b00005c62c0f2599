"""The commands of `python -m bot`, one module each, with `main(options) -> exit status`.

Problems are printed to standard error. Unusable settings, content or a database raise one of `problems.EXPECTED`.
"""
