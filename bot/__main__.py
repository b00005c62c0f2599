"""The command line: reads the arguments and calls the module of that name in `bot.cli`."""

import argparse
import io
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from bot import version
from bot.cli.problems import REASONS, reasons, tell

_EPILOG = """examples:
  python -m bot run                         serve the platforms that have a token, else the playground
  python -m bot ask /help                   show an answer as Discord and as Telegram show it
  python -m bot check                       list every problem of the content, with file, line and remedy
  python -m bot doctor                      check tokens, rights, commands and storage, and say how to fix each
"""


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
        description="Explains one subject on Discord and Telegram in reviewed texts, every answer with its warning.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = top.add_subparsers(dest="module", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="serve every platform that has a token, or the playground if none has")
    run.add_argument("--playground", action="store_true", default=None, help="serve the playground in any case")
    run.add_argument("--host", help="the address to listen on (setting HOST; 127.0.0.1 unless set)")
    run.add_argument("--port", type=int, help="the port to listen on (setting PORT; 8080 unless set, 0 chooses one)")

    ask = commands.add_parser("ask", help="answer one command or question, without connecting anywhere")
    ask.add_argument("text", nargs="+", help='a command such as "/about", or a question')
    ask.add_argument("--locale", default="en", help="the reader's language, such as en (the default)")
    ask.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    topics = commands.add_parser("topics", help="list the explainers")
    topics.add_argument("--locale", help="the language of the titles, such as en")
    topics.add_argument("--json", action="store_true", help="print JSON and nothing else")

    commands.add_parser("check", help="list every problem of the content at once, with file, line and remedy")

    review = commands.add_parser("review", help="list what is to be compared with the article or the norms again")
    review.add_argument("--all", action="store_true", help="also what is due later than in 30 days")

    _add_writers(commands)
    _add_operators(commands)
    return top


def _add_writers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands for who makes a pack, and for a wiki."""
    new = commands.add_parser("new", help="write a pack about another subject, to be filled in")
    new.add_argument("folder", type=Path, metavar="FOLDER", help="the folder to write; it must not hold anything")
    new.add_argument("--title", help="what it is about, such as “home composting”; asked for where it is missing")
    new.add_argument("--names", help="names that answers may use, with commas between them")
    new.add_argument("--purpose", help="what its warnings must say: crypto, money, health or none")
    new.add_argument("--reason", help="with the purpose none: why nothing in it needs a warning")

    export = commands.add_parser("export", help="print every answer with its warning, facts and source")
    export.add_argument(
        "--format", choices=("markdown", "json", "html"), default="markdown", help="markdown unless set"
    )
    export.add_argument("--locale", help="the language, such as en")

    article = commands.add_parser("import", help="propose sections and empty answers from an article's headings")
    article.add_argument("article", type=Path, metavar="ARTICLE", help="a Markdown file")
    article.add_argument("folder", type=Path, metavar="FOLDER", help="where to write them; it must not hold anything")
    article.set_defaults(module="import_article")


def _add_operators(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands for operators and writers."""
    doctor = commands.add_parser("doctor", help="check everything an operator may have to fix; changes nothing")
    doctor.add_argument("--json", action="store_true", help="print JSON and nothing else")

    commands.add_parser("health", help="ask the bot on this machine whether it is alive; a container's health check")

    backup = commands.add_parser("backup", help="write everything that is stored into a file; the bot may keep running")
    backup.add_argument("file", type=Path, metavar="FILE", help="the file to write; an existing one is replaced")

    restore = commands.add_parser("restore", help="restore a backup, into SQLite or PostgreSQL")
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that backup wrote")
    restore.add_argument("--replace", action="store_true", help="delete what is stored now first")

    match = commands.add_parser("match", help="classify questions: JSON lines on standard input and output")
    match.add_argument("--jsonl", action="store_true", required=True, help="the form of both: JSON lines")

    gaps = commands.add_parser("gaps", help="group the questions that got no answer, from the question log")
    gaps.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a question log (setting QUESTION_LOG)")
    gaps.add_argument("--newest", type=int, default=1000, metavar="N", help="read the newest N questions (1000)")
    gaps.add_argument("--most", type=int, default=20, metavar="N", help="show the N largest groups (20)")

    schemas = commands.add_parser("schemas", help="write the JSON Schemas that editors use for the content")
    schemas.add_argument("--check", action="store_true", help="write nothing; fail if they are out of date")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for a problem that was printed, 2 for wrong arguments."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that is not UTF-8 shows ? instead
    options = parser().parse_args(arguments)
    try:
        status: int = import_module(f"bot.cli.{options.module}").main(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as with `| head`
        return 1
    except REASONS as error:
        tell(reasons(error))
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
