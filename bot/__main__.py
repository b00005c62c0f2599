"""The command line: parses the arguments and calls the command's module in `bot.cli`."""

import argparse
import gc
import io
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TypeAlias

from bot import version

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_EPILOG = """examples:
  python -m bot run                         connect to the platforms that have a token, else serve the playground
  python -m bot ask /help                   show an answer as Discord and Telegram show it
  python -m bot check                       list every mistake in the content, with file, line and fix
  python -m bot doctor                      check settings, content, storage and accounts, and say how to fix problems

python -m bot COMMAND --help shows the options of a command.
"""


_MISSING = """\
The package “{}” is not installed for this Python. In the bot's folder, run: make install
Then use .venv/bin/python instead of python, for example: .venv/bin/python -m bot check"""


class _Version(argparse.Action):
    """Prints the version. argparse's own action would need it, and so run git, at every start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print the version and exit."""
        print(f"kusama-bot {version()}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands. Its result has the command's module as `module`, and the options."""
    top = argparse.ArgumentParser(
        prog="python -m bot",
        description="A bot for Discord and Telegram that explains one subject with short, reviewed texts.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = top.add_subparsers(dest="module", metavar="COMMAND", required=True)

    run = _command(commands, "run", "connect to every platform that has a token; without one, serve the playground")
    run.add_argument(
        "--playground", action="store_true", default=None, help="serve the playground even if a token is set"
    )
    run.add_argument("--host", help="address to listen on (default: the setting HOST)")
    run.add_argument("--port", type=int, help="port to listen on; 0 chooses a free one (default: the setting PORT)")

    ask = _command(commands, "ask", "show how the bot answers a command or question, without connecting to a platform")
    ask.add_argument("text", nargs="+", help='a command such as "/about", or a question')
    ask.add_argument("--locale", help="the reader's language, such as es (default: the content's first language)")
    ask.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    topics = _command(commands, "topics", "list the explainers")
    topics.add_argument("--locale", help="language of the titles, such as es (default: the content's first language)")
    topics.add_argument("--json", action="store_true", help="print JSON and nothing else")

    check = _command(commands, "check", "list every mistake in the content, with file, line and fix")
    check.add_argument(
        "--missing", action="store_true", help="print the texts that interface.yaml lacks, for translation"
    )

    review = _command(commands, "review", "list the texts that are due for review, and what to compare them with")
    review.add_argument("--all", action="store_true", help="include texts that are due later than in 30 days")

    _add_writers(commands)
    _add_operators(commands)
    return top


def _command(commands: _Commands, name: str, text: str) -> argparse.ArgumentParser:
    """Add a command. `text` says what it does, in the list of commands and in its own help."""
    return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")


def _add_writers(commands: _Commands) -> None:
    """Add the commands for people who write content."""
    new = _command(commands, "new", "start a pack about another subject; asks for options that are missing")
    new.add_argument("folder", type=Path, metavar="FOLDER", help="folder to create; it must be empty or missing")
    new.add_argument("--title", help="the subject, such as “home composting”")
    new.add_argument("--language", help="tag of the language of its answers, such as es (default: en)")
    new.add_argument("--names", help="names that answers may use, separated by commas")
    new.add_argument("--purpose", help="what the warnings are about: crypto, money, health or none")
    new.add_argument("--reason", help="only with the purpose none: why no answer needs a warning")

    export = _command(commands, "export", "print all answers with their warnings, facts and sources")
    export.add_argument(
        "--format", choices=("markdown", "json", "html"), default="markdown", help="output format (default: markdown)"
    )
    export.add_argument("--locale", help="language of the answers, such as es (default: the setting DEFAULT_LOCALE)")

    article = _command(commands, "import", "draft sections and empty answers from an article's headings")
    article.add_argument("article", type=Path, metavar="ARTICLE", help="a Markdown file with headings")
    article.add_argument("folder", type=Path, metavar="FOLDER", help="folder to create; it must be empty or missing")
    article.add_argument("--language", default="en", help="tag of the article's language, such as es (default: en)")
    article.set_defaults(module="import_article")


def _add_operators(commands: _Commands) -> None:
    """Add the commands for operators and developers."""
    doctor = _command(commands, "doctor", "find what an operator has to fix, and say how; changes nothing")
    doctor.add_argument("--json", action="store_true", help="print JSON and nothing else")

    _command(commands, "health", "exit with 0 if the bot on this machine is alive, else with 1 (for containers)")

    backup = _command(commands, "backup", "write all stored data to a file; the bot may keep running")
    backup.add_argument("file", type=Path, metavar="FILE", help="file to write; an existing one is replaced")

    restore = _command(commands, "restore", "read a backup into SQLite or PostgreSQL")
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` wrote")
    restore.add_argument("--replace", action="store_true", help="delete the data that is stored now first")

    match = _command(commands, "match", "show how questions are matched, from standard input to standard output")
    match.add_argument("--jsonl", action="store_true", required=True, help="read and write JSON lines")

    gaps = _command(commands, "gaps", "group the unanswered questions in the question log")
    gaps.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="the question log (default: the setting QUESTION_LOG)"
    )
    gaps.add_argument(
        "--newest", type=int, default=1000, metavar="N", help="read only the newest N questions (default: 1000)"
    )
    gaps.add_argument("--most", type=int, default=20, metavar="N", help="show only the N largest groups (default: 20)")

    schemas = _command(commands, "schemas", "write the JSON Schemas that editors use for the content")
    schemas.add_argument("--check", action="store_true", help="write nothing; exit with 1 if they are out of date")


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, 1 for a printed problem, 2 for bad input, 130 after Ctrl-C.

    Raises:
        SystemExit: the arguments are wrong (status 2), or help or the version was printed (status 0).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that is not UTF-8 shows ? for other characters
    options = parser().parse_args(arguments)
    gc.disable()  # modules stay; collections while they are imported take a tenth of the start
    try:
        problems, command = import_module("bot.cli.problems"), import_module(f"bot.cli.{options.module}")
    except ModuleNotFoundError as error:
        if (error.name or "bot").partition(".")[0] == "bot":
            raise
        print(_MISSING.format(error.name), file=sys.stderr)
        return 1
    finally:
        gc.enable()
    try:
        status: int = command.main(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the output has closed it, as with `| head`
        return 1
    except problems.EXPECTED as error:
        problems.tell(problems.message(error))
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
