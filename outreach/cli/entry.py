"""The `outreach` command: finds a subcommand late, and turns every refusal into one sentence and an exit code."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any, NoReturn

import click

from outreach import __version__
from outreach.cli.late import LateCommands
from outreach.core.refusal import Implausible, Misuse, Refusal

# Each name with the module that holds it, so that `outreach guide` never imports the web or the press.
COMMANDS = {
    "serve": "serve",
    "guide": "guide",
    "law": "law",
    "publish": "publish",
    "stick": "stick",
    "print": "press",
    "cards": "lists",
    "layouts": "layouts",
    "printers": "printers",
    "calibrate": "printers",
    "languages": "lists",
    "items": "lists",
    "sites": "program",
    "settings": "program",
    "participation": "participation",
    "phones": "phones",
    "alert": "alerts",
    "tally": "counting",
    "monthly": "monthly",
    "load": "loading",
    "stock": "stock",
    "funders": "funders",
    "report": "reports",
    "packs": "reports",
    "import": "past",
    "return": "month_return",
    "fold": "folding",
    "passphrase": "passphrase",
    "lock": "passphrase",
    "holds": "holds",
    "clear": "clearing",
    "backup": "backup",
    "restore": "backup",
    "export": "exchange",
    "merge": "exchange",
    "laptops": "laptops",
    "hub": "hub",
    "demo": "demo",
    "sounds": "sounds",
    "check": "checkup",
    "translate": "translate",
    "review": "review",
}


@click.group(
    cls=LateCommands, late=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80}
)
@click.version_option(__version__, message="outreach %(version)s")
@click.option("--home", metavar="DIR", help="Where this laptop keeps its own things (or OUTREACH_HOME).")
@click.option("--words-file", metavar="FILE", help="The words of the passphrase, where nobody can be asked for them.")
@click.pass_context
def outreach(ctx: click.Context, home: str | None, words_file: str | None) -> None:
    """Guidance, pocket cards and anonymous counts for outreach work, without a network."""
    ctx.obj = home, words_file


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 refused with a sentence on stderr, 2 misuse."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe on an old laptop may be ASCII; guidance is not.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    _no_picture_of_memory()
    sys.exit(_run(arguments))


def _no_picture_of_memory() -> None:
    """Have the system write no core file of a crash: keys and counts would stand in it."""
    with suppress(ImportError, OSError, ValueError):  # Windows makes none by itself
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _run(arguments: list[str] | None) -> int:
    try:
        result: Any = outreach.main(arguments, prog_name="outreach", standalone_mode=False)
    except click.exceptions.Abort:
        return _say("Stopped. What was saved before is safe.", 1)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except Misuse as refusal:
        return _say(str(refusal), 2)
    except Implausible as refusal:
        return _say(f"{refusal} A page could ask you whether it is right; a command refuses.", 1)
    except Refusal as refusal:
        return _say(str(refusal), 1)
    except BrokenPipeError:
        # `outreach guide | head` closes the pipe; that is no failure.
        sys.stderr.close()
        return 0
    except OSError as problem:
        where = f" ({problem.filename})" if problem.filename else ""
        return _say(f"The computer said: {problem.strerror}{where}. What was saved before is safe.", 1)
    except Exception as problem:  # noqa: BLE001 - no traceback ever reaches a user
        return _say(
            f"Something in the program broke ({type(problem).__name__}). What was saved before is safe. "
            "Please tell the people who make it which command you ran.",
            1,
        )
    return result if isinstance(result, int) else 0


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
