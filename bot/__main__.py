"""The command line: reads the arguments and calls the module of that name in `bot.cli`."""

import argparse
import gc
import io
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from bot import version

_EPILOG = """examples:
  python -m bot run                         connect to the platforms that have a token, else serve the playground
  python -m bot ask /help                   show an answer as Discord and Telegram show it
  python -m bot check                       list every mistake in the content, with file, line and fix
  python -m bot doctor                      check tokens, rights, commands and storage, and say how to fix each
"""


_MISSING = """\
The package “{}” is not installed for this Python. In the bot's folder, run: make install
Then write .venv/bin/python instead of python, as in: .venv/bin/python -m bot check"""


class _Version(argparse.Action):
    """argparse's own action wants the text beforehand, and git is not to be asked for it at every start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it."""
        print(f"kusama-bot {version()}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """The arguments of every command."""
    top = argparse.ArgumentParser(
        prog="python -m bot",
        description="A bot for Discord and Telegram that explains one subject with short, reviewed texts.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = top.add_subparsers(dest="module", metavar="COMMAND", required=True)

    run = commands.add_parser(
        "run", help="connect to every platform that has a token; without one, serve the playground"
    )
    run.add_argument(
        "--playground", action="store_true", default=None, help="serve the playground even if a token is set"
    )
    run.add_argument("--host", help="address to listen on (default: the setting HOST)")
    run.add_argument("--port", type=int, help="port to listen on; 0 chooses a free one (default: the setting PORT)")

    ask = commands.add_parser("ask", help="show how the bot answers a command or question; connects nowhere")
    ask.add_argument("text", nargs="+", help='a command such as "/about", or a question')
    ask.add_argument("--locale", help="the reader's language, such as es (default: the content's first one)")
    ask.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    topics = commands.add_parser("topics", help="list the explainers")
    topics.add_argument("--locale", help="language of the titles, such as es")
    topics.add_argument("--json", action="store_true", help="print JSON and nothing else")

    check = commands.add_parser("check", help="list every mistake in the content, with file, line and fix")
    check.add_argument("--missing", action="store_true", help="print the texts that interface.yaml lacks, to translate")

    review = commands.add_parser("review", help="list the texts that are due for review, and what to compare them with")
    review.add_argument("--all", action="store_true", help="include what is due later than in 30 days")

    _add_writers(commands)
    _add_operators(commands)
    return top


def _add_writers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands for who makes a pack, and for a wiki."""
    new = commands.add_parser("new", help="start a pack about another subject")
    new.add_argument("folder", type=Path, metavar="FOLDER", help="folder to create; it must be empty or missing")
    new.add_argument("--title", help="the subject, such as “home composting”; without it, the command asks")
    new.add_argument("--language", help="tag of the language of its answers, such as es (default: en)")
    new.add_argument("--names", help="names that answers may use, separated by commas")
    new.add_argument("--purpose", help="what the warnings are about: crypto, money, health or none")
    new.add_argument("--reason", help="with the purpose none: why nothing needs a warning")

    export = commands.add_parser("export", help="print all answers with their warnings, facts and sources")
    export.add_argument(
        "--format", choices=("markdown", "json", "html"), default="markdown", help="output format (default: markdown)"
    )
    export.add_argument("--locale", help="language of the answers, such as es")

    article = commands.add_parser("import", help="draft sections and empty answers from an article's headings")
    article.add_argument("article", type=Path, metavar="ARTICLE", help="a Markdown file with headings")
    article.add_argument("folder", type=Path, metavar="FOLDER", help="folder to create; it must be empty or missing")
    article.add_argument("--language", default="en", help="tag of the article's language, such as es (default: en)")
    article.set_defaults(module="import_article")


def _add_operators(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands for operators and writers."""
    doctor = commands.add_parser("doctor", help="find what an operator has to fix, and say how; changes nothing")
    doctor.add_argument("--json", action="store_true", help="print JSON and nothing else")

    commands.add_parser("health", help="exit with 0 if the bot on this machine is alive (for containers)")

    backup = commands.add_parser("backup", help="write all stored data to a file; the bot may keep running")
    backup.add_argument("file", type=Path, metavar="FILE", help="file to write; an existing one is replaced")

    restore = commands.add_parser("restore", help="read a backup into SQLite or PostgreSQL")
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` wrote")
    restore.add_argument("--replace", action="store_true", help="first delete what is stored now")

    match = commands.add_parser("match", help="show how questions are understood: JSON lines in and out")
    match.add_argument("--jsonl", action="store_true", required=True, help="read and write JSON lines")

    gaps = commands.add_parser("gaps", help="group the questions in the question log, which had no answer")
    gaps.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="the question log (default: the setting QUESTION_LOG)"
    )
    gaps.add_argument(
        "--newest", type=int, default=1000, metavar="N", help="read only the newest N questions (default: 1000)"
    )
    gaps.add_argument("--most", type=int, default=20, metavar="N", help="show only the N largest groups (default: 20)")

    schemas = commands.add_parser("schemas", help="write the JSON Schemas that editors use for the content")
    schemas.add_argument("--check", action="store_true", help="write nothing; fail if they are out of date")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for a problem that was printed, 2 for wrong arguments."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that is not UTF-8 shows ? instead
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
        sys.stderr.close()  # the reader of our output has gone, as with `| head`
        return 1
    except problems.REASONS as error:
        problems.tell(problems.reasons(error))
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
