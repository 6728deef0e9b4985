"""The program's door on the command line: options, exit codes, and errors turned into one sentence."""

from __future__ import annotations

import copy
import json
import os
import shlex
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from evidencevault import __version__
from evidencevault.cli import (
    actions,
    backups,
    bundles,
    cases,
    conflicts,
    copies,
    correcting,
    custody,
    decisions,
    disclosures,
    dues,
    erasing,
    exhibits,
    hidden,
    interviews,
    offices,
    overviews,
    policies,
    receipts,
    recipients,
    recognition,
    redactions,
    requests,
    retention,
    reviews,
    stamps,
    statements,
    suggestions,
    vaults,
    window,
)
from evidencevault.cli.face import Face, face_of, facts, plain, say
from evidencevault.cli.lists import spread
from evidencevault.demo import walk
from evidencevault.errors import Cancelled, VaultError, fault_sentence
from evidencevault.resources import tr

PROGRAM = "evidencevault"
INTERRUPTED = 130
"""What Typer makes of Ctrl+C; no command of ours ends with it."""

# Typer may carry its own Click; the base of its errors is reached through the one it exports.
CallError: type[Exception] = next(one for one in typer.BadParameter.__mro__ if one.__name__ == "ClickException")

app = typer.Typer(
    help="An encrypted evidence vault with a provable chain of custody.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
)
for group in (
    vaults,
    dues,
    offices,
    backups,
    overviews,
    reviews,
    policies,
    cases,
    conflicts,
    statements,
    interviews,
    decisions,
    actions,
    requests,
    exhibits,
    redactions,
    recognition,
    suggestions,
    hidden,
    copies,
    bundles,
    receipts,
    recipients,
    erasing,
    retention,
    correcting,
    custody,
    disclosures,
    stamps,
):
    group.register(app)


def _version(asked: bool) -> None:
    if asked:
        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    vault: Annotated[
        str | None, typer.Option(help="The vault's folder.", envvar="EVIDENCEVAULT_VAULT", metavar="DIR")
    ] = None,
    member: Annotated[
        str | None, typer.Option(help="Who is working.", envvar="EVIDENCEVAULT_MEMBER", metavar="NAME")
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(help="First line: the passphrase.", envvar="EVIDENCEVAULT_PASSPHRASE_FILE", metavar="FILE"),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(
            help="The key file, where one is needed besides the passphrase.",
            envvar="EVIDENCEVAULT_KEY_FILE",
            metavar="FILE",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    lang: Annotated[str | None, typer.Option(help="Language of messages: en nl fr es ar.", metavar="CODE")] = None,
    unconfined: Annotated[
        bool, typer.Option("--unconfined", help="Parse foreign files although this machine offers no sandbox.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """An encrypted evidence vault with a provable chain of custody."""
    face = ctx.obj = Face()
    given = {"vault": vault, "member": member, "passphrase_file": passphrase_file, "key_file": key_file}
    for name, value in {**given, "json": as_json, "lang": lang, "unconfined": unconfined}.items():
        face.take(name, value)
    if ctx.invoked_subcommand is None:
        raise typer.Exit(window.open_window(face))


@app.command("desktop")
def desktop(ctx: typer.Context) -> None:
    """Open the window (as the program does without a command)."""
    raise typer.Exit(window.open_window(face_of(ctx)))


@app.command("demo")
def make_demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder, or a finished demo.")],
    headless: Annotated[bool, typer.Option("--headless", help="All in the terminal, no window.")] = False,
) -> None:
    """Make a vault with a sample case and walk the whole job on real files."""
    face = face_of(ctx)
    done = walk.run(folder, _say_plainly if face.json else _tell, unconfined=face.unconfined)
    document = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(done).items()}
    user = next(iter(done.passphrases))
    lines = facts(
        [
            (tr("Case"), done.case),
            (tr("Vault"), done.vault),
            (tr("Bundle"), done.bundle),
            (tr("Key that opens it"), done.identity),
            (tr("As the investigator opened it"), done.opened),
            (tr("Custody report"), done.report),
            (tr("How anybody checks it"), done.opened / "verify" / "README"),
            (tr("Passphrases"), done.passphrase_file),
            (
                tr("Look around"),
                f"{PROGRAM} --vault {shlex.quote(str(done.vault))} --member {user} case show {done.case}",
            ),
        ]
    )
    first = tr("The finished demo was opened again.") if done.reopened else tr("The demo is finished.")
    face.show(document, first, *lines)
    if not headless and offices.has_display():
        raise typer.Exit(window.open_unlocked(face, done.vault, user, done.passphrases[user]))


def _tell(line: str) -> None:
    print(plain(line), flush=True)


def _say_plainly(line: str) -> None:
    say(plain(line))


def command() -> Any:
    """The whole command tree; global options are taken wherever they stand, not only before the command."""
    tree = typer.main.get_command(app)
    options = [
        one
        for one in tree.params
        if one.name in ("vault", "member", "passphrase_file", "key_file", "as_json", "lang", "unconfined")
    ]
    _spread(tree, options)
    return tree


def _spread(tree: Any, options: Sequence[Any]) -> None:
    for one in tree.commands.values():
        for param in one.params:
            if param.param_type_name == "option" and param.metavar is None and not param.is_flag:
                param.metavar = "TEXT"
        if isinstance(one, TyperGroup):
            _spread(one, options)
            continue
        own = {name for param in one.params for name in param.opts}
        one.params = [*one.params, *(_anywhere(option) for option in options if not own & set(option.opts))]


def _anywhere(option: Any) -> Any:
    again = copy.copy(option)
    again.envvar, again.expose_value, again.hidden, again.callback = None, False, True, _take
    return again


def _take(ctx: typer.Context, param: Any, value: object) -> None:
    face = ctx.find_object(Face)
    if face is not None:
        face.take("json" if param.name == "as_json" else param.name, value)


def main() -> NoReturn:
    """Run the command that the program was called with, and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code: 0 done, 1 refused or failed, 2 usage, 3 damage, 4 not permitted."""
    given = spread(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (such as `head`) has seen enough; what was written to the vault stands.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _run(given: list[str]) -> int:
    try:
        code = command().main(given, prog_name=PROGRAM, standalone_mode=False)
    except VaultError as error:
        return _failed(given, error.sentence, error.exit_code)
    except typer.Abort:
        return _failed(given, _stopped().sentence, 1)
    except BrokenPipeError:
        raise
    except CallError as error:
        return _usage(given, error)
    except Exception as error:  # the outermost frame: a bug is said as one, without a word of the case
        if os.environ.get("EVIDENCEVAULT_DEBUG"):
            traceback.print_exc()
        return _failed(given, fault_sentence(error), 1)
    if code == INTERRUPTED:
        return _failed(given, _stopped().sentence, 1)
    return code if isinstance(code, int) else 0


def _stopped() -> Cancelled:
    return Cancelled(tr("Stopped. What was finished before stays; the rest was not begun."))


def _usage(given: Sequence[str], error: Exception) -> int:
    context = getattr(error, "ctx", None)
    message = getattr(error, "format_message", lambda: str(error))()
    code = getattr(error, "exit_code", 2)
    if context is not None:
        say(context.get_usage())
        say(tr("“{command} --help” says more.").format(command=context.command_path))
    return _failed(given, message, code)


def _failed(given: Sequence[str], sentence: str, code: int) -> int:
    say(sentence)
    if "--json" in given:
        print(json.dumps({"error": sentence, "exit_code": code}, ensure_ascii=False))
    return code


if __name__ == "__main__":
    main()
